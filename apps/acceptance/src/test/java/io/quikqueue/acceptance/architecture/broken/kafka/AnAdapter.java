package io.quikqueue.acceptance.architecture.broken.kafka;

public final class AnAdapter {}
