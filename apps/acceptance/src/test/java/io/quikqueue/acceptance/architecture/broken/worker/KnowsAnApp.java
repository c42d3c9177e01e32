package io.quikqueue.acceptance.architecture.broken.worker;

import io.quikqueue.acceptance.architecture.broken.api.AnApp;

record KnowsAnApp(AnApp app) {}
