package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.lease.LeaseAnswer;
import io.quikqueue.domain.usecase.lease.LeaseId;
import io.quikqueue.domain.usecase.lease.LeaseReport;
import io.quikqueue.domain.usecase.lease.LeaseRequest;
import io.quikqueue.domain.usecase.lease.Leases;
import io.quikqueue.rest.BatchBody.Item;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Many reports at once: each is read, done and answered by itself. */
final class LeaseBatch {

  /** Of the answer, for an item. */
  private static final int BYTES_PER_ITEM = 600;

  /** Reports that are answered with what is kept, which may be 256 KiB, at a time. */
  private static final int TOLD_AT_ONCE = 4;

  /** Characters of what is kept, after which no more is told. */
  private static final int MOST_TOLD = 1 << 20;

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;

  LeaseBatch(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
  }

  /** What an item reports, or why it cannot. */
  private sealed interface ReadItem {

    record Valid(LeaseReport report) implements ReadItem {}

    record Invalid(Problem problem) implements ReadItem {}
  }

  Response report(InputStream in, HttpServletRequest request) {
    RequestBodies.requireJson(request);
    Leases leases = LeaseResource.requireLeases(use);
    Caller caller = Callers.of(request);
    try (RequestBodies.Share share = bodies.share(caller.countedAs());
        Gunzip gunzip = RequestBodies.gunzip(in, request)) {
      BatchBody body = new BatchBody(gunzip == null ? in : gunzip, bodies, share);
      body.skipMark();
      ToldProblems told = new ToldProblems();
      List<ReadItem> items = read(caller, new BatchSplitter.OfArray(body), told);
      return answers.reserved(
          request,
          caller,
          items.size() * BYTES_PER_ITEM
              + told.chars()
              + (items.stream().anyMatch(LeaseBatch::tells) ? 2 * MOST_TOLD : 0),
          () -> answer(leases, caller, items));
    }
  }

  private List<ReadItem> read(Caller caller, BatchSplitter splitter, ToldProblems told) {
    List<ReadItem> items = new ArrayList<>();
    for (Item item = splitter.next(); item != null; item = splitter.next()) {
      if (items.size() == LeaseRequest.MOST_LEASES) {
        throw new ProblemException(
            Problem.of(413, "too-many-items", "Too many items", "a batch has at most 500 items"));
      }
      items.add(read(caller, item, told));
    }
    return items;
  }

  private ReadItem read(Caller caller, Item item, ToldProblems told) {
    byte[] json = item.json();
    if (json == null) {
      return new ReadItem.Invalid(told.told(Problems.tooLarge(bodies.maxBody())));
    }
    try {
      String text = RequestBodies.decode(json, 0, json.length);
      LeaseReport report = ReportReader.readItem(text, item.source());
      LeaseResource.requireLeases(use).require(caller, report);
      return new ReadItem.Valid(report);
    } catch (InvalidFieldException e) {
      return new ReadItem.Invalid(told.told(Problems.of(e)));
    } catch (ProblemException e) {
      if (e.problem().status() == 400) {
        throw e;
      }
      return new ReadItem.Invalid(told.told(e.problem()));
    }
  }

  private static Response answer(Leases leases, Caller caller, List<ReadItem> items) {
    List<LeaseReport> reports = new ArrayList<>(items.size());
    for (ReadItem item : items) {
      if (item instanceof ReadItem.Valid(LeaseReport report)) {
        reports.add(report);
      }
    }
    Map<LeaseReport, LeaseAnswer> given = report(leases, caller, reports);
    return Responses.ok(Json.bytes(json -> write(json, items, given)));
  }

  /** Those that are not among the answers were not done. */
  private static Map<LeaseReport, LeaseAnswer> report(
      Leases leases, Caller caller, List<LeaseReport> reports) {
    Map<LeaseReport, LeaseAnswer> answers = new IdentityHashMap<>();
    List<LeaseReport> telling = reports.stream().filter(LeaseBatch::tells).toList();
    if (telling.size() <= TOLD_AT_ONCE) {
      done(leases, caller, reports, answers);
      return answers;
    }
    long told = 0;
    for (int from = 0; from < telling.size() && told <= MOST_TOLD; from += TOLD_AT_ONCE) {
      int to = Math.min(telling.size(), from + TOLD_AT_ONCE);
      told += done(leases, caller, telling.subList(from, to), answers);
    }
    Set<LeaseId> open = // whose job is not complete, since a step of it was not kept
        telling.stream()
            .filter(each -> !answers.containsKey(each))
            .map(LeaseReport::lease)
            .collect(Collectors.toSet());
    List<LeaseReport> others =
        reports.stream()
            .filter(each -> !tells(each))
            .filter(each -> !(each instanceof LeaseReport.Complete && open.contains(each.lease())))
            .toList();
    done(leases, caller, others, answers);
    return answers;
  }

  /** Has them done; returns how many characters are to be told. */
  private static long done(
      Leases leases,
      Caller caller,
      List<LeaseReport> reports,
      Map<LeaseReport, LeaseAnswer> answers) {
    List<LeaseAnswer> given = leases.report(caller, reports);
    long told = 0;
    for (int i = 0; i < reports.size(); i++) {
      LeaseAnswer answer = given.get(i);
      answers.put(reports.get(i), answer);
      if (answer instanceof LeaseAnswer.Kept(_, String value, _)) {
        told += value == null ? 0 : value.length();
      }
    }
    return told;
  }

  private static boolean tells(ReadItem item) {
    return item instanceof ReadItem.Valid(LeaseReport report) && tells(report);
  }

  /** Whether the answer has what is kept. */
  private static boolean tells(LeaseReport report) {
    return report instanceof LeaseReport.Step || report instanceof LeaseReport.Wait;
  }

  private static void write(
      JsonGenerator json, List<ReadItem> items, Map<LeaseReport, LeaseAnswer> given)
      throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("items");
    for (ReadItem item : items) {
      switch (item) {
        case ReadItem.Invalid(Problem problem) -> write(json, problem);
        case ReadItem.Valid(LeaseReport report) -> write(json, report, given.get(report));
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, LeaseReport report, @Nullable LeaseAnswer answer)
      throws IOException {
    if (answer == null) {
      write(json, Problems.overloaded());
      return;
    }
    boolean isHeartbeat = report instanceof LeaseReport.Heartbeat;
    Problem problem = LeaseWriter.problem(report.lease(), answer, isHeartbeat);
    if (problem == null) {
      LeaseWriter.write(json, report.lease(), answer);
    } else {
      write(json, problem);
    }
  }

  private static void write(JsonGenerator json, Problem problem) throws IOException {
    json.writeStartObject();
    json.writeFieldName("error");
    problem.write(json);
    json.writeEndObject();
  }
}
