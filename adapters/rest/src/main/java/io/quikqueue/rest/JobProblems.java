package io.quikqueue.rest;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.port.SubmitResult;

/** What stands against a job, or against what a caller wants of one. */
final class JobProblems {

  private JobProblems() {}

  /** Of a job that would be one more than may wait. */
  static Problem queueFull(SubmitResult.Full full) {
    if (full.owner() != null) {
      return QuotaProblems.waiting(full);
    }
    String group = full.group();
    Problem problem =
        Problem.of(
                429,
                Problem.QUEUE_FULL,
                "The queue is full",
                "%s has %d jobs waiting, and may have %d"
                    .formatted(MaxWaiting.place(full.queue(), group), full.waiting(), full.most()))
            .with("queue", full.queue())
            .with("waiting", full.waiting());
    return group == null
        ? problem.with("max_waiting", full.most())
        : problem.with("group", group).with("max_waiting_per_group", full.most());
  }

  /** Of a submit. */
  static Problem slotTaken(Job holder) {
    return slotTaken(holder.id(), " and is " + holder.state()).with("state", holder.state().name());
  }

  /** Of a retry. */
  static Problem slotTaken(JobId holder) {
    return slotTaken(holder, "");
  }

  private static Problem slotTaken(JobId holder, String state) {
    return Problem.ofField(
            409,
            "unique-conflict",
            "Another job has the unique key",
            UniqueReader.FIELD,
            "job " + holder + " has the unique key" + state)
        .with("job_id", holder.toString());
  }

  static Problem refused(String reason) {
    return Problem.of(422, "refused", "The store cannot hold this job", reason);
  }

  static Problem notAllowed(Job job, String verb) {
    return Problem.of(
            409,
            "state-conflict",
            "The state of the job does not allow it",
            "job " + job.id() + " is " + job.state() + ": cannot " + verb + instead(job))
        .with("state", job.state().name());
  }

  private static String instead(Job job) {
    NodeRef node = job.spec().node();
    return node == null || !job.state().terminal()
        ? ""
        : "; it is a node of a workflow, whose nodes are retried together: POST /v1/workflows/"
            + node.workflow()
            + "/retry";
  }

  /** Of a job that cannot be changed, not for its state alone. */
  static Problem bound(Job job, String verb, String why) {
    return Problem.of(
            409,
            "job-conflict",
            "The job does not allow it",
            "cannot " + verb + " job " + job.id() + ": " + why)
        .with("state", job.state().name());
  }

  static Problem noResult(Job job) {
    Problem problem =
        Problem.of(
                409,
                "no-result",
                "The job ended without a result",
                "job " + job.id() + " is " + job.state() + " and has no result")
            .with("state", job.state().name());
    String error = job.error();
    return error == null ? problem : problem.with("error", error);
  }
}
