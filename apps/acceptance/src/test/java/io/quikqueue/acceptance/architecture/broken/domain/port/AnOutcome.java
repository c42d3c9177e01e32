package io.quikqueue.acceptance.architecture.broken.domain.port;

/** A value, which a resource may know. */
public sealed interface AnOutcome {

  record Done() implements AnOutcome {}
}
