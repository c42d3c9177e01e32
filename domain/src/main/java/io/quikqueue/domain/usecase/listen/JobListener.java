package io.quikqueue.domain.usecase.listen;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.Transition;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hears of what was committed, in the thread that did it. Must neither throw nor block for long. A
 * commit whose answer got lost is not heard of.
 */
public interface JobListener {

  /** Jobs became QUEUED, new ones too, and are to be announced. */
  default void ready(List<Job> jobs) {}

  /** Transitions took effect. */
  default void changed(List<Transition> transitions) {}

  /** Hands on what is to be announced. */
  static JobListener announcing(Consumer<List<Job>> announce) {
    return new JobListener() {
      @Override
      public void ready(List<Job> jobs) {
        announce.accept(jobs);
      }
    };
  }

  /** Hands on what became of each job that has changed. */
  static JobListener ofEach(Consumer<Job> changed) {
    return new JobListener() {
      @Override
      public void changed(List<Transition> transitions) {
        transitions.forEach(transition -> changed.accept(transition.after()));
      }
    };
  }

  /** Several listeners, in this order. */
  static JobListener all(JobListener... listeners) {
    List<JobListener> all = List.of(listeners);
    return new JobListener() {
      @Override
      public void ready(List<Job> jobs) {
        all.forEach(each -> each.ready(jobs));
      }

      @Override
      public void changed(List<Transition> transitions) {
        all.forEach(each -> each.changed(transitions));
      }
    };
  }
}
