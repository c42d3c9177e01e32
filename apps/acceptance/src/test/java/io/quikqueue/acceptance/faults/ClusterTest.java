package io.quikqueue.acceptance.faults;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Tests that break the one {@link Cluster} of a run: one class of them at a time, beside the tests
 * that need none of it. Faults are mostly waited for, so that a processor is free meanwhile.
 */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("faults")
@ExtendWith(OnCluster.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("the cluster")
@interface ClusterTest {}
