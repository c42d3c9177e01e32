/**
 * Starts real servers with nothing installed: MariaDB, Redis and Kafka, each as a process of its
 * own.
 */
@NullMarked
package io.quikqueue.servers;

import org.jspecify.annotations.NullMarked;
