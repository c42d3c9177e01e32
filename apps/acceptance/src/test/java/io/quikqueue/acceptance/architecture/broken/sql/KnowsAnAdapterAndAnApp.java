package io.quikqueue.acceptance.architecture.broken.sql;

import io.quikqueue.acceptance.architecture.broken.api.AnApp;
import io.quikqueue.acceptance.architecture.broken.kafka.AnAdapter;

record KnowsAnAdapterAndAnApp(AnAdapter adapter, AnApp app) {}
