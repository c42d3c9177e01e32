package io.quikqueue.rest;

import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.usecase.access.Named;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/**
 * How a route keeps to the scope of a key: what the first parameter of its path names, which is
 * looked up before the route is served, or who else sees to it. The words stand in {@code
 * openapi.json}, under {@code x-scope}.
 */
enum ScopeRule {
  /** It is the same for everybody. */
  NOTHING,
  JOB,
  WORKFLOW,
  SCHEDULE,
  /** A schedule, which may be a new one. */
  SCHEDULE_OR_NEW,
  OPERATION,
  DEAD_GROUP,
  QUEUE,
  WHOLE_QUEUE,
  TYPE,
  WHOLE_TYPE,
  /** It concerns all jobs. */
  EVERYTHING,
  /** Its use case leaves out what is outside the scope. */
  FILTERED,
  /** Its use case refuses what the body asks for outside the scope. */
  BODY;

  /** Whether the path has to have a parameter. */
  boolean needsParameter() {
    return switch (this) {
      case NOTHING, EVERYTHING, FILTERED, BODY -> false;
      case JOB,
          WORKFLOW,
          SCHEDULE,
          SCHEDULE_OR_NEW,
          OPERATION,
          DEAD_GROUP,
          QUEUE,
          WHOLE_QUEUE,
          TYPE,
          WHOLE_TYPE ->
          true;
    };
  }

  /**
   * What a path names.
   *
   * @param sent the first parameter of the path, as it was sent
   * @return null = nothing that has to be looked up
   * @throws ProblemException when it cannot name anything, as the route itself would say
   */
  @Nullable Named named(String sent) {
    return switch (this) {
      case NOTHING, FILTERED, BODY -> null;
      case EVERYTHING -> new Named.Everything();
      case JOB -> new Named.Job(JobLookup.id(text(sent)));
      case WORKFLOW -> new Named.Workflow(new WorkflowId(JobLookup.id(text(sent))));
      case OPERATION -> new Named.Operation(JobLookup.id(text(sent)));
      case SCHEDULE -> new Named.Schedule(text(sent), false);
      case SCHEDULE_OR_NEW -> new Named.Schedule(text(sent), true);
      case DEAD_GROUP -> new Named.DeadGroup(text(sent));
      case QUEUE -> new Named.Queue(text(sent));
      case WHOLE_QUEUE -> new Named.WholeQueue(text(sent));
      case TYPE -> new Named.Type(text(sent));
      case WHOLE_TYPE -> new Named.WholeType(text(sent));
    };
  }

  /** As whatever serves the route reads it. */
  private static String text(String sent) {
    try {
      return UriComponent.decode(sent, UriComponent.Type.PATH_SEGMENT);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Problems.ofStatus(400, "Bad Request", "the path cannot be read"));
    }
  }

  /** What a caller is told for whom it does not exist: the same as when there is none. */
  Problem absent(String sent) {
    return switch (this) {
      case JOB -> Problems.unknownJob(JobLookup.id(text(sent)));
      case WORKFLOW -> AccessProblems.unknownWorkflow(new WorkflowId(JobLookup.id(text(sent))));
      case SCHEDULE, SCHEDULE_OR_NEW -> ScheduleProblems.unknownSchedule();
      case OPERATION -> Problems.unknownOperation();
      case DEAD_GROUP -> Problems.unknownGroup();
      case QUEUE, WHOLE_QUEUE -> Problems.unknownQueue();
      case TYPE, WHOLE_TYPE -> AccessProblems.unknownType();
      case NOTHING, EVERYTHING, FILTERED, BODY -> AccessProblems.beyondScope();
    };
  }
}
