package io.quikqueue.simulation;

import io.quikqueue.domain.port.StreamRecord;
import java.util.List;

/** What consumers do with a stream. */
interface Reading {

  /** Makes the caller the one consumer; returns the generation by which it may commit. */
  int join();

  /**
   * Records from an offset on; those lost with their partition are no error.
   *
   * @param by the generation of the caller: one from before the partition was recreated gets
   *     nothing, as Kafka's fetch names a topic by its id
   */
  List<StreamRecord> poll(int by, int partition, int offset, int limit);

  int committed(int partition);

  /** Returns false, and does nothing, when another consumer has joined. */
  boolean commit(int generation, int partition, int offset);
}
