package io.quikqueue.acceptance.architecture.broken.rest;

import io.quikqueue.acceptance.architecture.broken.domain.port.APort;
import io.quikqueue.acceptance.architecture.broken.domain.port.AnOutcome;

record CallsAPort(APort port, AnOutcome outcome) {}
