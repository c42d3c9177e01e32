package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.WorkflowPage;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.usecase.workflow.ManageWorkflows.ShownNode;
import io.quikqueue.domain.workflow.Growth;
import io.quikqueue.domain.workflow.InvalidWorkflowException;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.rest.Problem.FieldError;
import io.quikqueue.rest.WorkflowReader.Kind;
import java.io.IOException;
import java.util.List;

/** Writes workflows as the API shows them. */
final class WorkflowWriter {

  private WorkflowWriter() {}

  /** Without its nodes. */
  static void write(JsonGenerator json, WorkflowView workflow) throws IOException {
    json.writeStartObject();
    fields(json, workflow);
    json.writeEndObject();
  }

  /** With some of its nodes. */
  static void write(JsonGenerator json, WorkflowView workflow, List<ShownNode> nodes)
      throws IOException {
    json.writeStartObject();
    fields(json, workflow);
    json.writeArrayFieldStart("nodes");
    for (ShownNode node : nodes) {
      node(json, node);
    }
    json.writeEndArray();
    int next = nodes.isEmpty() ? workflow.nodes() : nodes.getLast().node().index() + 1;
    if (next < workflow.nodes()) {
      json.writeNumberField("next", next);
    } else {
      json.writeNullField("next");
    }
    json.writeEndObject();
  }

  static void list(JsonGenerator json, WorkflowPage page) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("workflows");
    for (WorkflowView each : page.workflows()) {
      write(json, each);
    }
    json.writeEndArray();
    WorkflowId next = page.next();
    JobWriter.text(json, "next", next == null ? null : next.toString());
    json.writeEndObject();
  }

  private static void fields(JsonGenerator json, WorkflowView workflow) throws IOException {
    WorkflowProgress progress = workflow.progress();
    json.writeStringField("id", workflow.id().toString());
    json.writeStringField("name", workflow.name());
    json.writeStringField("state", progress.state().name());
    json.writeStringField("on_failure", Words.of(progress.onFailure()));
    json.writeNumberField("generation", workflow.generation());
    json.writeNumberField("size", workflow.nodes());
    json.writeObjectFieldStart("counts");
    json.writeNumberField("waiting", progress.waiting());
    json.writeNumberField("active", progress.active());
    json.writeNumberField("done", progress.done());
    json.writeNumberField("failed", progress.failed());
    json.writeNumberField("cancelled", progress.cancelled());
    json.writeNumberField("expired", progress.expired());
    json.writeNumberField("skipped", progress.skipped());
    json.writeEndObject();
    JobWriter.time(json, "created_at", workflow.createdAt());
    JobWriter.time(json, "updated_at", workflow.updatedAt());
    JobWriter.time(json, "finished_at", workflow.finishedAt());
  }

  private static void node(JsonGenerator json, ShownNode shown) throws IOException {
    NodeView node = shown.node();
    json.writeStartObject();
    json.writeStringField("name", node.name());
    json.writeStringField("job_id", node.job().toString());
    json.writeStringField("state", shown.state().name());
    json.writeArrayFieldStart("needs");
    for (String need : node.needs()) {
      json.writeString(need);
    }
    json.writeEndArray();
    json.writeStringField("run_if", Words.of(node.runIf()));
    json.writeBooleanField("optional", node.optional());
    String adder = Growth.adderOf(node.name());
    if (adder != null) {
      json.writeStringField("spawned_by", adder);
    }
    json.writeEndObject();
  }

  /** The fields of a shorthand are called otherwise, and its body has no index. */
  static Problem problem(InvalidWorkflowException e, Kind kind, int nodes) {
    return Problem.ofFields(
        e.wrongs().stream()
            .map(
                wrong -> {
                  String field = fieldOf(wrong.field(), kind, nodes);
                  int point = field.lastIndexOf('.');
                  FieldError plain = Problems.invalid(field.substring(point + 1), wrong.message());
                  return new FieldError(plain.kind(), plain.title(), field, plain.detail());
                })
            .toList());
  }

  /** A field of a workflow as it is called in what was sent. */
  static String fieldOf(String field, Kind kind, int nodes) {
    String last = "nodes." + (nodes - 1);
    if (kind == Kind.CHORD && (field + ".").startsWith(last + ".")) {
      return "body" + field.substring(last.length());
    }
    return kind == Kind.WORKFLOW ? field : field.replaceFirst("^nodes", "jobs");
  }
}
