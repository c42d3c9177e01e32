package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.workflow.Reference;
import io.quikqueue.domain.workflow.References;
import io.quikqueue.domain.workflow.References.UnresolvedException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the results of other nodes into the payloads of nodes that refer to them, when an attempt is
 * made: a payload as it is stored and shown has the references. Jobs without references are not
 * looked at.
 */
final class NodePayloads {

  /** Characters that a payload may have with the results in it. */
  static final int MOST_CHARS = 1 << 20;

  /** Characters of the results that one payload refers to. */
  private static final long MOST_RESULTS = 16L << 20;

  private final Workflows workflows;
  private final Consumer<JobSpec> check;

  /**
   * @param check of a payload with the results in it; throws {@link InvalidPayloadException}
   */
  NodePayloads(Workflows workflows, Consumer<JobSpec> check) {
    this.workflows = workflows;
    this.check = check;
  }

  /**
   * A job as its handler gets it.
   *
   * @param problem why it cannot run; null = it can
   * @param sealed a result that it refers to and that cannot be opened here; null = there is none
   */
  record Resolved(Job job, @Nullable String problem, @Nullable String sealed) {

    private static Resolved failed(Job job, String problem) {
      return new Resolved(job, problem, null);
    }
  }

  /**
   * The job with its references resolved.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  Resolved resolve(Job job) {
    NodeRef node = job.spec().node();
    if (node == null || !node.refers()) {
      return new Resolved(job, null, null);
    }
    String payload = job.spec().payload();
    Set<String> names = new LinkedHashSet<>();
    for (References.Place place : References.in(payload)) {
      Reference reference = Reference.parse(place.text());
      if (reference != null) {
        names.add(reference.node());
      }
    }
    NodeResults results = workflows.results(node.workflow(), names, MOST_RESULTS);
    if (results == null) {
      return Resolved.failed(job, "$from: the results that it refers to are too large together");
    }
    for (String result : results.texts().values()) {
      if (SealedText.isSealed(result)) {
        return new Resolved(job, null, result);
      }
    }
    try {
      String resolved = References.resolve(payload, results.texts(), results.missing(), MOST_CHARS);
      JobSpec whole = job.spec().toBuilder().payload(resolved).build();
      check.accept(whole);
      return new Resolved(job.toBuilder().spec(whole).build(), null, null);
    } catch (InvalidPayloadException e) {
      String where = e.pointer().isEmpty() ? "" : " at " + e.pointer();
      return Resolved.failed(
          job,
          "with the results in it the payload does not fit its type" + where + ": " + e.problem());
    } catch (UnresolvedException e) {
      return Resolved.failed(job, String.valueOf(e.getMessage()));
    }
  }
}
