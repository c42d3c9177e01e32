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
  sealed interface Wish {

    record Wanted(JobRequest request) implements Wish {}

    record Wrong(Problem problem) implements Wish {}
  }

  /**
   * All items, in order.
   *
   * @throws ProblemException when the body as a whole cannot be read
   */
  List<Wish> read(BatchSplitter splitter, @Nullable String traceparent, ToldProblems told) {
    List<Wish> wishes = new ArrayList<>();
    while (true) {
      Wish wish = next(splitter, traceparent);
      if (wish == null) {
        return wishes;
      }
      if (wishes.size() == MAX_ITEMS) {
        throw new ProblemException(
            Problem.of(
                413, "too-many-items", "Too many items", "a batch has at most 10,000 items"));
      }
      if (wishes.size() % TURN == 0) {
        Thread.yield(); // to requests that share the few carriers of virtual threads
      }
      wishes.add(wish instanceof Wish.Wrong(Problem problem) ? wrong(told, problem) : wish);
    }
  }

  private static Wish wrong(ToldProblems told, Problem problem) {
    return new Wish.Wrong(told.told(problem));
  }

  private @Nullable Wish next(BatchSplitter splitter, @Nullable String traceparent) {
    Item item = splitter.next();
    if (item == null) {
      return null;
    }
    byte[] json = item.json();
    if (json == null) {
      return new Wish.Wrong(Problems.tooLarge(maxItem));
    }
    try {
      String text = RequestBodies.decode(json, 0, json.length);
      return new Wish.Wanted(JobReader.readItem(text, item.source(), traceparent));
    } catch (InvalidFieldException e) {
      return new Wish.Wrong(Problems.of(e));
    } catch (ProblemException e) {
      if (splitter.whole() && e.problem().status() == 400) {
        throw e;
      }
      return new Wish.Wrong(e.problem());
    }
  }
}
