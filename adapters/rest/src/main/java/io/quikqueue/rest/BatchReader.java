package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.usecase.submit.JobRequest;
import io.quikqueue.rest.BatchBody.Item;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a batch: all of it, before any of it is submitted. */
final class BatchReader {

  static final int MAX_ITEMS = 10_000;
  private static final int TURN = 50;

  private final int maxItem;

  BatchReader(int maxItem) {
    this.maxItem = maxItem;
  }

  /** What an item asks for, or why it cannot. */
  sealed interface BatchItem {

    record Valid(JobRequest request) implements BatchItem {}

    record Invalid(Problem problem) implements BatchItem {}
  }

  /**
   * All items, in order.
   *
   * @throws ProblemException when the body as a whole cannot be read
   */
  List<BatchItem> read(BatchSplitter splitter, @Nullable String traceparent, ToldProblems told) {
    List<BatchItem> items = new ArrayList<>();
    while (true) {
      BatchItem item = next(splitter, traceparent);
      if (item == null) {
        return items;
      }
      if (items.size() == MAX_ITEMS) {
        throw new ProblemException(
            Problem.of(
                413, "too-many-items", "Too many items", "a batch has at most 10,000 items"));
      }
      if (items.size() % TURN == 0) {
        Thread.yield(); // to requests that share the few carriers of virtual threads
      }
      items.add(item instanceof BatchItem.Invalid(Problem problem) ? invalid(told, problem) : item);
    }
  }

  private static BatchItem invalid(ToldProblems told, Problem problem) {
    return new BatchItem.Invalid(told.told(problem));
  }

  private @Nullable BatchItem next(BatchSplitter splitter, @Nullable String traceparent) {
    Item item = splitter.next();
    if (item == null) {
      return null;
    }
    byte[] json = item.json();
    if (json == null) {
      return new BatchItem.Invalid(Problems.tooLarge(maxItem));
    }
    try {
      String text = RequestBodies.decode(json, 0, json.length);
      return new BatchItem.Valid(JobReader.readItem(text, item.source(), traceparent));
    } catch (InvalidFieldException e) {
      return new BatchItem.Invalid(Problems.of(e));
    } catch (ProblemException e) {
      if (splitter.whole() && e.problem().status() == 400) {
        throw e;
      }
      return new BatchItem.Invalid(e.problem());
    }
  }
}
