package io.quikqueue.rest;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.usecase.lease.LeaseId;
import io.quikqueue.domain.usecase.lease.LeaseReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what a worker reports of a lease; used once. */
final class ReportReader {

  private static final int MOST_LINES = 1_000;
  private static final int LONGEST_NOTE = 2_000;
  private static final Duration LONGEST = Duration.ofDays(366);

  /** What can be reported, and the fields of it. */
  enum Action {
    HEARTBEAT,
    COMPLETE("result", "note", SpawnReader.FIELD),
    FAIL("message", "class", "trace", "permanent"),
    RELEASE,
    LOG("lines"),
    PROGRESS("percent", "message"),
    STEP("name", "value"),
    SLEEP("name", "until", "for"),
    WAIT("name", "signal", "timeout");

    private final Set<String> fields;

    Action(String... fields) {
      this.fields = Set.of(fields);
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Set<String> given = new TreeSet<>();
  private final boolean inBatch;
  private @Nullable Action action;
  private @Nullable String id;
  private @Nullable String result;
  private @Nullable String note;
  private final SpawnReader spawn = new SpawnReader();
  private @Nullable String message;
  private @Nullable String errorClass;
  private @Nullable String trace;
  private boolean permanent;
  private @Nullable List<String> lines;
  private @Nullable Integer percent;
  private @Nullable String name;
  private @Nullable String value;
  private @Nullable String signal;
  private @Nullable Instant until;
  private @Nullable Duration time;
  private @Nullable Duration timeout;

  private ReportReader(@Nullable Action action) {
    this.action = action;
    this.inBatch = action == null;
  }

  /**
   * The body of a request of its own.
   *
   * @throws ProblemException when it is no such report
   * @throws InvalidFieldException when a field is out of its range
   */
  static LeaseReport read(Action action, LeaseId lease, String json) {
    ReportReader reader = new ReportReader(action);
    JsonReader.read(json, Source.START, reader::document);
    return reader.report(lease, action);
  }

  /** An item of a batch, which has an {@code id} and an {@code action}. Throws likewise. */
  static LeaseReport readItem(String json, Source source) {
    ReportReader reader = new ReportReader(null);
    JsonReader.read(json, source, reader::document);
    String id = reader.id;
    Action action = reader.action;
    if (id == null || action == null) {
      throw new IllegalStateException("the reader let a missing field pass");
    }
    return reader.report(LeaseId.parse(id), action);
  }

  private void document(JsonReader json) throws IOException {
    json.object("", name -> field(json, name));
    Action read = action;
    if (inBatch && id == null) {
      json.missing("id");
    }
    if (read == null) {
      json.missing("action");
      return;
    }
    given.removeAll(read.fields);
    given.forEach(name -> json.error(Problems.unknownField(name)));
    switch (read) {
      case FAIL -> {
        if (message == null) {
          json.missing("message");
        }
      }
      case LOG -> {
        if (lines == null) {
          json.missing("lines");
        }
      }
      case PROGRESS -> {
        if (percent == null) {
          json.missing("percent");
        }
      }
      case STEP -> {
        requireName(json);
        if (value == null) {
          json.missing("value");
        }
      }
      case SLEEP -> {
        requireName(json);
        if (until == null && time == null) {
          json.missing("until");
        }
        if (until != null && time != null) {
          json.error(Problems.invalidValue("for", "must not be given together with until"));
        }
      }
      case WAIT -> {
        requireName(json);
        if (signal == null) {
          json.missing("signal");
        }
        if (timeout == null) {
          json.missing("timeout");
        }
      }
      case HEARTBEAT, COMPLETE, RELEASE -> {}
    }
  }

  private void requireName(JsonReader json) {
    if (name == null) {
      json.missing("name");
    }
  }

  private void field(JsonReader json, String name) throws IOException {
    boolean isOfBatch = inBatch && (name.equals("id") || name.equals("action"));
    if (!isOfBatch) {
      given.add(name);
    }
    switch (name) {
      case "id" -> id = isOfBatch ? json.string(name) : skipped(json);
      case "action" -> {
        if (isOfBatch) {
          action = action(json);
        } else {
          json.skip();
        }
      }
      case "result" -> result = json.raw();
      case "note" -> note = json.string(name);
      case SpawnReader.FIELD -> spawn.read(json);
      case "message" -> message = json.string(name);
      case "class" -> errorClass = json.string(name);
      case "trace" -> trace = json.string(name);
      case "permanent" -> permanent = Boolean.TRUE.equals(json.bool(name));
      case "lines" -> lines = json.strings(name, MOST_LINES);
      case "percent" -> percent = json.integer(name);
      case "name" -> this.name = json.string(name);
      case "value" -> value = json.raw();
      case "signal" -> signal = json.string(name);
      case "until" -> until = json.instant(name);
      case "for" -> time = json.duration(name, LONGEST);
      case "timeout" -> timeout = json.duration(name, LONGEST);
      default -> json.skip(); // told of as unknown
    }
  }

  private static @Nullable String skipped(JsonReader json) throws IOException {
    json.skip();
    return null;
  }

  private static @Nullable Action action(JsonReader json) throws IOException {
    String text = json.string("action");
    if (text == null) {
      return null;
    }
    for (Action each : Action.values()) {
      if (each.text().equals(text)) {
        return each;
      }
    }
    json.error(
        Problems.invalidValue(
            "action",
            "must be heartbeat, complete, fail, release, log, progress, step, sleep or wait"));
    return null;
  }

  private static String text(@Nullable String given) {
    return given == null ? "" : given;
  }

  private LeaseReport report(LeaseId lease, Action of) {
    return switch (of) {
      case HEARTBEAT -> new LeaseReport.Heartbeat(lease);
      case RELEASE -> new LeaseReport.Release(lease);
      case COMPLETE -> {
        if (note != null && note.length() > LONGEST_NOTE) {
          throw new InvalidFieldException("note", "must be at most 2,000 characters");
        }
        yield new LeaseReport.Complete(lease, result, note, spawn.nodes());
      }
      case FAIL ->
          new LeaseReport.Fail(
              lease, new Failure(message == null ? "" : message, permanent, errorClass, trace));
      case LOG -> new LeaseReport.Log(lease, lines == null ? List.of() : lines);
      case PROGRESS -> {
        if (percent == null || percent < 0 || percent > 100) {
          throw new InvalidFieldException("percent", "must be from 0 to 100");
        }
        yield new LeaseReport.Progress(lease, percent, message);
      }
      case STEP -> new LeaseReport.Step(lease, text(name), value == null ? "null" : value);
      case SLEEP -> new LeaseReport.Sleep(lease, text(name), until, time);
      case WAIT ->
          new LeaseReport.Wait(
              lease, text(name), text(signal), timeout == null ? Duration.ZERO : timeout);
    };
  }
}
