package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeWait;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.usecase.submit.JobRequest;
import io.quikqueue.rest.JobReader.Extra;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads a node of a workflow that has {@code wait} in the place of a job; used once. */
final class WaitReader {

  private static final String FIELD = "wait";

  private @Nullable Duration length;
  private @Nullable Instant until;
  private @Nullable String signal;
  private @Nullable Duration timeout;
  private @Nullable Boolean continues;
  private String text = "null";
  private @Nullable NodeWait wait;

  private WaitReader() {}

  /**
   * Reads a node.
   *
   * @param extra the fields that it has in common with others
   * @return null when it has no {@code wait}
   */
  static @Nullable WaitReader of(String node, Extra extra) {
    if (!node.contains("\"" + FIELD + "\"")) {
      return null; // as nearly all nodes, which are read once
    }
    boolean[] found = {false};
    JsonReader.read(
        node,
        Source.START,
        json ->
            json.object(
                "",
                name -> {
                  found[0] |= name.equals(FIELD) && !json.isNull();
                  json.skip();
                }));
    if (!found[0]) {
      return null;
    }
    WaitReader reader = new WaitReader();
    JsonReader.read(node, Source.START, json -> reader.node(json, extra));
    return reader;
  }

  /** What it waits for. */
  NodeWait waitsFor() {
    if (wait == null) {
      throw new IllegalStateException("the reader let a missing wait pass");
    }
    return wait;
  }

  /** The job in which it waits; its payload says for what. */
  JobRequest job() {
    JobSpec spec = JobSpec.builder(NodeWait.TYPE, text).queue(NodeWait.QUEUE).build();
    return new JobRequest(spec, until, null, null, OnConflict.REJECT);
  }

  private void node(JsonReader json, Extra extra) throws IOException {
    json.object(
        "",
        name -> {
          if (name.equals(FIELD)) {
            wait(json);
          } else if (!extra.read(json, name)) {
            json.error(Problems.invalidValue(name, "cannot be given together with wait"));
            json.skip();
          }
        });
  }

  private void wait(JsonReader json) throws IOException {
    if (!json.isObject()) {
      json.wrongType(FIELD, "an object");
      return;
    }
    String raw = json.raw();
    text = raw;
    try {
      JsonReader.read(raw, Source.START, this::fields);
    } catch (ProblemException e) {
      throw new ProblemException(e.problem().under(FIELD));
    }
  }

  private void fields(JsonReader json) throws IOException {
    json.object("", name -> field(json, name));
    int kinds = (length == null ? 0 : 1) + (until == null ? 0 : 1) + (signal == null ? 0 : 1);
    if (kinds != 1) {
      json.error(Problems.invalidValue("for", "one of for, until and signal must be given"));
    } else if (signal != null && timeout == null) {
      json.missing("timeout");
    } else if (signal == null && timeout != null) {
      json.error(Problems.invalidValue("timeout", "is for signals"));
    } else if (signal == null && continues != null) {
      json.error(Problems.invalidValue("on_timeout", "is for signals"));
    } else if (signal != null && timeout != null) {
      wait = NodeWait.ofSignal(signal, timeout, Boolean.TRUE.equals(continues));
    } else {
      wait = length == null ? NodeWait.untilRunAt() : NodeWait.ofTime(length);
    }
  }

  private void field(JsonReader json, String name) throws IOException {
    switch (name) {
      case "for" -> length = json.duration(name, NodeWait.LONGEST);
      case "until" -> until = json.instant(name);
      case "timeout" -> timeout = json.duration(name, NodeWait.LONGEST);
      case "signal" -> signal = signal(json, name);
      case "on_timeout" -> continues = continues(json, name);
      default -> json.unknown(name);
    }
  }

  private static @Nullable String signal(JsonReader json, String field) throws IOException {
    String name = json.string(field);
    try {
      if (name != null) {
        JobStep.requireName(field, name);
      }
      return name;
    } catch (InvalidFieldException e) {
      json.error(Problems.invalidValue(field, e.problem()));
      return null;
    }
  }

  private static @Nullable Boolean continues(JsonReader json, String field) throws IOException {
    String text = json.string(field);
    if (text == null || text.equals("fail") || text.equals("continue")) {
      return text == null ? null : text.equals("continue");
    }
    json.error(Problems.invalidValue(field, "must be one of fail, continue"));
    return null;
  }
}
