package io.quikqueue.acceptance.architecture.broken.api;

public final class AnApp {}
