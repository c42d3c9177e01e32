package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.redact.ShownJob;
import io.quikqueue.domain.usecase.submit.JobRequest;
import io.quikqueue.domain.usecase.workflow.ManageWorkflows.ShownNode;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import io.quikqueue.rest.TaskReader.Operands;
import io.quikqueue.rest.WorkflowReader.Kind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/**
 * Short routes to the jobs that calculate, to a chain of them and to a group of them, as examples
 * of task queues have them.
 */
final class TasksResource {

  static final String PATH = "/tasks";
  static final String ADD = "add";
  static final String MULTIPLY = "multiply";
  static final String SUM_MULTIPLY = "sum_multiply";

  private static final List<String> TYPES = List.of(ADD, MULTIPLY, SUM_MULTIPLY);
  private static final String CHAIN_PATH = PATH + "/chain";
  private static final String GROUP_PATH = PATH + "/group";

  /** The name of the workflows that are shown as groups here. */
  private static final String GROUP = "tasks.group";

  private final UseCases use;
  private final JobSubmitter submitter;
  private final RequestBodies bodies;
  private final JobLookup lookup;
  private final AnswerBudget answers;

  TasksResource(
      UseCases use,
      JobSubmitter submitter,
      RequestBodies bodies,
      JobLookup lookup,
      AnswerBudget answers) {
    this.use = use;
    this.submitter = submitter;
    this.bodies = bodies;
    this.lookup = lookup;
    this.answers = answers;
  }

  /** Those before {@code /tasks/{id}}, which would match them too, come first. */
  List<HotRoute> routes() {
    return List.of(
        new HotRoute(PATH + "/" + ADD, null, request -> task(request, ADD)),
        new HotRoute(PATH + "/" + MULTIPLY, null, request -> task(request, MULTIPLY)),
        new HotRoute(PATH + "/" + SUM_MULTIPLY, null, request -> task(request, SUM_MULTIPLY)),
        new HotRoute(CHAIN_PATH, null, this::chain),
        new HotRoute(GROUP_PATH, null, this::group),
        new HotRoute(PATH + "/{id}", this::find, null),
        new HotRoute(GROUP_PATH + "/{id}", this::findGroup, null));
  }

  private Response task(HotRequest request, String type) throws IOException {
    HttpServletRequest in = request.in();
    QueryParameters.requireNone(in);
    return bodies.read(in.getInputStream(), in, json -> task(request, type, json));
  }

  private Response task(HotRequest request, String type, String json) {
    HttpServletRequest in = request.in();
    JobSpec spec = spec(type, TaskReader.read(json).json(), in);
    JobRequest job = new JobRequest(spec, null, null, key(in, PATH + "/" + type, json));
    return soon(
        submitter.submit(
            request.caller(),
            job,
            PATH + "/",
            stored -> Json.bytes(out -> accepted(out, stored.id().toString(), stored.state()))));
  }

  /** The result of each takes the place of {@code a} in the next. */
  private Response chain(HotRequest request) throws IOException {
    HttpServletRequest in = request.in();
    QueryParameters.requireNone(in);
    return bodies.read(in.getInputStream(), in, json -> chain(request, json));
  }

  private Response chain(HotRequest request, String json) {
    HttpServletRequest in = request.in();
    Operands operands = TaskReader.read(json);
    requireShort(operands);
    String b = operands.b().text();
    WorkflowSpec spec =
        new WorkflowSpec(
            "tasks.chain",
            OnFailure.FINISH_BRANCHES,
            List.of(
                node(ADD, operands.json(), List.of(), in),
                node(MULTIPLY, behind(ADD, "sum", b), List.of(ADD), in),
                node(SUM_MULTIPLY, behind(MULTIPLY, "product", b), List.of(MULTIPLY), in)));
    Caller caller = request.caller();
    return soon(
        WorkflowSubmitter.submit(
            use.submitWorkflow(),
            caller,
            spec,
            key(in, CHAIN_PATH, json),
            Kind.WORKFLOW,
            workflow -> PATH + "/" + nodes(caller, workflow).getLast().node().job(),
            workflow -> chained(workflow, nodes(caller, workflow))));
  }

  private Response group(HotRequest request) throws IOException {
    HttpServletRequest in = request.in();
    QueryParameters.requireNone(in);
    return bodies.read(in.getInputStream(), in, json -> group(request, json));
  }

  private Response group(HotRequest request, String json) {
    HttpServletRequest in = request.in();
    String payload = TaskReader.read(json).json();
    List<NodeSpec> nodes = TYPES.stream().map(type -> node(type, payload, List.of(), in)).toList();
    Caller caller = request.caller();
    return soon(
        WorkflowSubmitter.submit(
            use.submitWorkflow(),
            caller,
            new WorkflowSpec(GROUP, OnFailure.FINISH_BRANCHES, nodes),
            key(in, GROUP_PATH, json),
            Kind.WORKFLOW,
            workflow -> GROUP_PATH + "/" + workflow.id(),
            workflow -> grouped(workflow, nodes(caller, workflow))));
  }

  /** Numbers between the steps are as long as those that are sent, or the chain would fail. */
  private static void requireShort(Operands operands) {
    BigDecimal b = operands.b().value();
    BigDecimal sum = operands.a().value().add(b);
    if (!TaskReader.isTaken(sum) || !TaskReader.isTaken(sum.multiply(b))) {
      throw new ProblemException(
          Problem.ofFields(
              List.of(
                  Problems.invalidValue(
                      "a", "and b lead to a number between the steps that is out of range"))));
    }
  }

  private static String behind(String node, String field, String b) {
    return "{\"a\":{\"$from\":\"" + node + "." + field + "\"},\"b\":" + b + "}";
  }

  private static NodeSpec node(
      String type, String payload, List<String> needs, HttpServletRequest in) {
    return new NodeSpec(type, spec(type, payload, in), null, needs, RunIf.ALL_SUCCEEDED, false);
  }

  private static JobSpec spec(String type, String payload, HttpServletRequest in) {
    return JobSpec.builder(type, payload).traceparent(JobSubmitter.traceparent(in)).build();
  }

  private static @Nullable IdempotencyKey key(HttpServletRequest in, String path, String json) {
    return IdempotencyKeys.of(IdempotencyKeys.header(in), path, json);
  }

  private static Response soon(Response answer) {
    answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, "1");
    return answer;
  }

  private List<ShownNode> nodes(Caller caller, WorkflowView workflow) {
    return use.workflows().nodes(caller, workflow.id(), workflow.generation(), 0, TYPES.size());
  }

  private @Nullable Response find(HotRequest request) {
    return lookup.result(request, TasksResource::answer);
  }

  private static Response answer(ShownJob shown) {
    Job job = shown.job();
    String id = job.id().toString();
    if (!job.state().terminal()) {
      return Responses.inProgress(Json.bytes(json -> accepted(json, id, job.state())));
    }
    if (job.state() != JobState.DONE) {
      throw new ProblemException(failed("task " + id, job.state().name(), reason(job)));
    }
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("task_id", id);
              json.writeStringField("status", job.state().name());
              JobWriter.raw(json, "result", job.result());
              json.writeEndObject();
            }));
  }

  private Response findGroup(HotRequest request) {
    QueryParameters.requireNone(request.in());
    WorkflowId id =
        new WorkflowId(
            JobLookup.id(UriComponent.decode(request.id(), UriComponent.Type.PATH_SEGMENT)));
    return answers.within(request.in(), request.caller(), () -> group(request.caller(), id));
  }

  private Response group(Caller caller, WorkflowId id) {
    WorkflowView group =
        use.workflows()
            .find(caller, id)
            .filter(found -> found.name().equals(GROUP))
            .orElseThrow(() -> new ProblemException(unknownGroup(id)));
    List<ShownNode> nodes = nodes(caller, group);
    WorkflowState state = group.progress().state();
    if (!state.terminal()) {
      return Responses.inProgress(grouped(group, nodes));
    }
    if (state != WorkflowState.DONE) {
      throw new ProblemException(failed("group " + id, state.name(), reasons(nodes)));
    }
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("group_id", id.toString());
              json.writeStringField("status", state.name());
              json.writeArrayFieldStart("results");
              for (ShownNode node : nodes) {
                result(json, caller, node);
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  /** Null stands for the result of a job that is deleted. */
  private void result(JsonGenerator json, Caller caller, ShownNode node) throws IOException {
    Job job =
        use.find()
            .find(caller, node.node().job())
            .map(found -> use.redaction().show(caller, found).job())
            .orElse(null);
    String result = job == null ? null : job.result();
    json.writeRawValue(result == null ? "null" : result);
  }

  private static byte[] chained(WorkflowView workflow, List<ShownNode> nodes) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("task_id", nodes.getLast().node().job().toString());
          json.writeStringField("status", nodes.getLast().state().name());
          json.writeStringField("workflow_id", workflow.id().toString());
          tasks(json, nodes);
          json.writeEndObject();
        });
  }

  private static byte[] grouped(WorkflowView workflow, List<ShownNode> nodes) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("group_id", workflow.id().toString());
          json.writeStringField("status", workflow.progress().state().name());
          tasks(json, nodes);
          json.writeEndObject();
        });
  }

  private static void tasks(JsonGenerator json, List<ShownNode> nodes) throws IOException {
    json.writeArrayFieldStart("tasks");
    for (ShownNode node : nodes) {
      accepted(json, node.node().job().toString(), node.state());
    }
    json.writeEndArray();
  }

  private static void accepted(JsonGenerator json, String id, JobState state) throws IOException {
    json.writeStartObject();
    json.writeStringField("task_id", id);
    json.writeStringField("status", state.name());
    json.writeEndObject();
  }

  private static String reason(Job job) {
    String error = job.error();
    String note = job.note();
    return error != null ? error : note != null ? note : "it has no result";
  }

  private static String reasons(List<ShownNode> nodes) {
    return nodes.stream()
        .filter(node -> node.state() != JobState.DONE)
        .map(node -> node.node().name() + " is " + node.state())
        .reduce((a, b) -> a + ", " + b)
        .orElse("it has no results");
  }

  private static Problem failed(String what, String state, String reason) {
    return Problem.of(500, "task-failed", "The task failed", what + " is " + state + ": " + reason)
        .with("state", state);
  }

  private static Problem unknownGroup(WorkflowId id) {
    return Problem.of(404, "unknown-task-group", "Unknown group", "there is no group " + id);
  }
}
