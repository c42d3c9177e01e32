package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.SpawnRequest;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.workflow.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes the nodes that are added to workflows: those that an attempt asks for, and those for the
 * items of a list, which are as their node is. All are let in like jobs that clients submit. They
 * count where the number of waiting jobs is limited, but are not refused for that: their workflow
 * was let in. Safe for use by several threads.
 */
public final class NodeSpawner {

  private static final String FIELD = "spawn";

  /** What a worker may add whose key has a scope was checked as it came in. */
  private static final Caller WORKER = Caller.anonymous("worker");

  private final Supplier<JobId> ids;
  private final UnaryOperator<JobSpec> admit;

  /**
   * @param policies those in force
   * @param limits those in force
   */
  public NodeSpawner(
      JobIds ids,
      Admission admission,
      Supplier<PolicyTable> policies,
      Supplier<LimitTable> limits) {
    this(
        ids::next,
        spec -> {
          admission.admit(WORKER, spec).settle(true);
          return MaxWaiting.of(limits.get().ofQueue(spec.queue()))
              .counted(policies.get().complete(spec));
        });
  }

  private NodeSpawner(Supplier<JobId> ids, UnaryOperator<JobSpec> admit) {
    this.ids = ids;
    this.admit = admit;
  }

  /** One that lets nothing in. */
  public static NodeSpawner none() {
    return new NodeSpawner(
        () -> {
          throw new IllegalStateException("no node is let in here");
        },
        _ -> {
          throw new InvalidFieldException("type", "cannot be added here");
        });
  }

  /**
   * Makes nodes for the workflow of a job.
   *
   * @param before those that the attempt adds already
   * @throws InvalidFieldException naming the field, as {@code spawn.3.type}
   * @throws io.quikqueue.domain.port.UnavailableException when the store has to be asked and cannot
   *     be reached
   */
  List<SpawnedNode> make(Job job, List<SpawnedNode> before, List<SpawnRequest> nodes, Instant now) {
    if (nodes.isEmpty()) {
      return List.of();
    }
    if (job.spec().node() == null) {
      throw new InvalidFieldException(FIELD, "is for nodes of workflows, and the job is none");
    }
    if (before.size() + nodes.size() > SpawnedNode.MOST) {
      throw new InvalidFieldException(FIELD, "must be at most 1,000 nodes");
    }
    Set<String> names = new HashSet<>();
    before.forEach(node -> names.add(node.name()));
    List<SpawnedNode> made = new ArrayList<>(nodes.size());
    long chars = AttemptSpawns.chars(before);
    for (int i = 0; i < nodes.size(); i++) {
      SpawnRequest asked = nodes.get(i);
      String field = FIELD + "." + i;
      String name = asked.name() == null ? Integer.toString(before.size() + i) : asked.name();
      if (!Reference.isName(name)) {
        throw new InvalidFieldException(
            field + ".name",
            "must be 1 to 64 of A-Z a-z 0-9 _ -, and begin with a letter or a digit");
      }
      if (!names.add(name)) {
        throw new InvalidFieldException(field + ".name", "is the name of another node: " + name);
      }
      chars += asked.job().payload().length();
      if (chars > SpawnedNode.MOST_CHARS) {
        throw new InvalidFieldException(FIELD, "must have payloads of at most 4 MiB together");
      }
      JobSpec spec =
          admitted(
              field,
              asked.job().toBuilder()
                  .traceparent(job.spec().traceparent())
                  .owner(job.spec().owner()) // else a worker would get around the quota of a key
                  .build());
      made.add(
          new SpawnedNode(
              name,
              asked.optional(),
              Job.submit(ids.get(), spec, asked.runAt(), false, now).job()));
    }
    return made;
  }

  /**
   * Makes the nodes for the items of a list, of which there is one for each payload.
   *
   * @param job of the node that is one for each; they are as it is, but for their payloads
   * @throws InvalidFieldException naming the field, as {@code for_each.3.payload.url}
   * @throws io.quikqueue.domain.port.UnavailableException when the store has to be asked and cannot
   *     be reached
   */
  List<SpawnedNode> forItems(Job job, ForEach forEach, List<String> payloads, Instant now) {
    List<SpawnedNode> made = new ArrayList<>(payloads.size());
    for (int i = 0; i < payloads.size(); i++) {
      JobSpec asked =
          job.spec().toBuilder().payload(payloads.get(i)).node(null).countedInGroup(false).build();
      JobSpec spec = admitted("for_each." + i, asked);
      made.add(
          new SpawnedNode(
              Integer.toString(i),
              forEach.optional(),
              Job.submit(ids.get(), spec, null, false, now).job()));
    }
    return made;
  }

  private JobSpec admitted(String field, JobSpec spec) {
    if (spec.unique() != null || spec.orderingKey() != null) {
      throw new InvalidFieldException(field, "must be neither unique nor ordered");
    }
    try {
      return admit.apply(spec);
    } catch (InvalidPayloadException e) {
      throw new InvalidFieldException(
          field + ".payload" + e.pointer().replace('/', '.'), e.problem());
    } catch (InvalidFieldException e) {
      throw new InvalidFieldException(field + "." + e.field(), e.problem());
    }
  }
}
