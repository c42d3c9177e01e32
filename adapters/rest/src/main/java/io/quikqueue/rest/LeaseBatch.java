package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.lease.LeaseAnswer;
import io.quikqueue.domain.usecase.lease.LeaseReport;
import io.quikqueue.domain.usecase.lease.LeaseRequest;
import io.quikqueue.domain.usecase.lease.Leases;
import io.quikqueue.rest.BatchBody.Item;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Many reports at once: each is read, done and answered by itself. */
final class LeaseBatch {

  /** Of the answer, for an item. */
  private static final int BYTES_PER_ITEM = 600;

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
    try (RequestBodies.Share share = bodies.share(caller.address());
        Gunzip gunzip = RequestBodies.gunzip(in, request)) {
      BatchBody body = new BatchBody(gunzip == null ? in : gunzip, bodies, share);
      body.skipMark();
      ToldProblems told = new ToldProblems();
      List<ReadItem> items = read(new BatchSplitter.OfArray(body), told);
      return answers.reserved(
          request,
          caller,
          items.size() * BYTES_PER_ITEM + told.chars(),
          () -> answer(leases, caller, items));
    }
  }

  private List<ReadItem> read(BatchSplitter splitter, ToldProblems told) {
    List<ReadItem> items = new ArrayList<>();
    for (Item item = splitter.next(); item != null; item = splitter.next()) {
      if (items.size() == LeaseRequest.MOST_LEASES) {
        throw new ProblemException(
            Problem.of(413, "too-many-items", "Too many items", "a batch has at most 500 items"));
      }
      items.add(read(item, told));
    }
    return items;
  }

  private ReadItem read(Item item, ToldProblems told) {
    byte[] json = item.json();
    if (json == null) {
      return new ReadItem.Invalid(told.told(Problems.tooLarge(bodies.maxBody())));
    }
    try {
      String text = RequestBodies.decode(json, 0, json.length);
      LeaseReport report = ReportReader.readItem(text, item.source());
      LeaseResource.requireLeases(use).requireFits(report);
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
    List<LeaseAnswer> given = leases.report(caller, reports);
    return Responses.ok(Json.bytes(json -> write(json, items, given)));
  }

  private static void write(JsonGenerator json, List<ReadItem> items, List<LeaseAnswer> given)
      throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("items");
    int next = 0;
    for (ReadItem item : items) {
      switch (item) {
        case ReadItem.Invalid(Problem problem) -> write(json, problem);
        case ReadItem.Valid(LeaseReport report) -> {
          LeaseAnswer answer = given.get(next++);
          boolean isHeartbeat = report instanceof LeaseReport.Heartbeat;
          Problem problem = LeaseWriter.problem(report.lease(), answer, isHeartbeat);
          if (problem == null) {
            LeaseWriter.write(json, report.lease(), answer);
          } else {
            write(json, problem);
          }
        }
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Problem problem) throws IOException {
    json.writeStartObject();
    json.writeFieldName("error");
    problem.write(json);
    json.writeEndObject();
  }
}
