package io.quikqueue.acceptance.architecture.broken.sql;

import io.quikqueue.acceptance.architecture.broken.domain.port.APort;

final class ImplementsAPort implements APort {}
