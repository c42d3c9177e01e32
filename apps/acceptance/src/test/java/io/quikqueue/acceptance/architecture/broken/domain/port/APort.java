package io.quikqueue.acceptance.architecture.broken.domain.port;

/** What an adapter implements. */
public interface APort {}
