package io.quikqueue.rest;

import io.quikqueue.domain.workflow.Reference;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.RetryRequest.Mode;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which nodes of a workflow are to run again; used once. */
final class WorkflowRetryReader {

  private static final Map<String, Mode> MODES =
      Map.of(
          "failed", Mode.FAILED,
          "failed_and_downstream", Mode.FAILED_AND_DOWNSTREAM,
          "all", Mode.ALL);
  private static final String FROM = "from";

  private final ShorthandReferences bound;
  private final int maxNode;
  private final Map<String, String> payloads = new HashMap<>();
  private @Nullable Mode mode;
  private @Nullable List<String> from;

  private WorkflowRetryReader(int maxNode) {
    this.bound = new ShorthandReferences(maxNode);
    this.maxNode = maxNode;
  }

  /**
   * The body of a request: {@code mode} or {@code from}, or neither, which stands for the mode
   * {@code failed}.
   *
   * @param maxNode the most bytes of one payload
   * @throws ProblemException when it is no such body; whether there are such nodes is not found
   *     here
   */
  static RetryRequest read(String json, int maxNode) {
    WorkflowRetryReader reader = new WorkflowRetryReader(maxNode);
    JsonReader.read(json, Source.START, reader::document);
    List<String> from = reader.from;
    Mode mode = reader.mode;
    if (from != null) {
      return new RetryRequest(Mode.FROM, from, reader.payloads);
    }
    return new RetryRequest(mode == null ? Mode.FAILED : mode, List.of(), reader.payloads);
  }

  private void document(JsonReader json) throws IOException {
    json.object("", field -> field(json, field));
    if (mode != null && from != null) {
      json.error(Problems.invalidValue(FROM, "excludes mode"));
    }
  }

  private void field(JsonReader json, String field) throws IOException {
    switch (field) {
      case "mode" -> {
        String text = json.string(field);
        mode = text == null ? null : MODES.get(text);
        if (text != null && mode == null) {
          json.error(Problems.invalidValue(field, Words.oneOf(MODES.keySet().stream().sorted())));
        }
      }
      case FROM -> {
        from = json.strings(field, WorkflowSpec.MOST_NODES);
        if (from != null && from.isEmpty()) {
          json.error(Problems.invalidValue(field, "must name at least one node"));
        }
      }
      case "payloads" -> json.objectOrNull(field, name -> payload(json, field, name));
      default -> json.unknown(field);
    }
  }

  private void payload(JsonReader json, String field, String name) throws IOException {
    String raw = json.raw();
    String path = Reference.isName(name) ? field + "." + name : field;
    if (bound.isTooLarge(raw)) {
      json.error(Problems.invalidValue(path, "must be at most " + maxNode + " bytes"));
    } else if (payloads.size() == WorkflowSpec.MOST_NODES) {
      json.error(Problems.invalidValue(field, "must be at most 10,000"));
    } else {
      payloads.put(name, raw);
    }
  }
}
