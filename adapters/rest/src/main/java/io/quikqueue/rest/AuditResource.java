package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.audit.ReadAudit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shows the audit log, in pages or as a whole. Nothing here changes it. */
@Path("/v1/audit")
public final class AuditResource {

  private static final int MOST = 500;
  private static final int USUAL = 50;
  private static final String LIMIT = "limit";
  private static final Set<String> FILTERS =
      Set.of("kind", "caller", "action", "target", "from", "until", "after");
  private static final Pattern WORD = Pattern.compile("\\w{1," + AuditRecord.MOST_WORD_CHARS + "}");

  /** Times that ids can tell. */
  private static final Instant FIRST = Instant.EPOCH;

  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  private final ReadAudit audit;
  private final AnswerBudget answers;
  private final AuditExport export;

  AuditResource(ReadAudit audit, AnswerBudget answers) {
    this.audit = audit;
    this.answers = answers;
    this.export = new AuditExport(audit, answers);
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Response page(@Context HttpServletRequest request) {
    Set<String> parameters = new HashSet<>(FILTERS);
    parameters.add(LIMIT);
    QueryParameters given = new QueryParameters(request, parameters, Set.of());
    int limit = given.integer(LIMIT, 1, MOST, USUAL);
    AuditLog.Query query = query(given, limit + 1);
    Caller caller = Callers.of(request);
    return answers.pageWithin(
        request,
        caller,
        () ->
            PageWriter.of(
                "records",
                audit.list(caller, query),
                limit,
                each -> each.id().toString(),
                AuditResource::write));
  }

  /** All that match, one a line, where a client asks for lines. */
  @GET
  @Produces(AuditExport.TYPE + ";qs=0.5")
  public Response export(@Context HttpServletRequest request) {
    QueryParameters given = new QueryParameters(request, FILTERS, Set.of());
    AuditLog.Query query = query(given, AuditExport.AT_ONCE);
    return Response.ok(export.of(request, Callers.of(request), query))
        .type(AuditExport.TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  private static AuditLog.Query query(QueryParameters given, int limit) {
    String after = given.text("after");
    return new AuditLog.Query(
        given.word("kind", AuditKind.class),
        text(given, "caller"),
        word(given, "action"),
        text(given, "target"),
        time(given, "from"),
        time(given, "until"),
        after == null ? null : id(after),
        limit);
  }

  private static @Nullable String text(QueryParameters given, String name) {
    String text = given.text(name);
    if (text != null && (text.isEmpty() || text.length() > AuditRecord.MOST_CHARS)) {
      throw QueryParameters.refused(
          name, "must have 1 to %d characters".formatted(AuditRecord.MOST_CHARS));
    }
    return text;
  }

  private static @Nullable String word(QueryParameters given, String name) {
    String text = given.text(name);
    if (text != null && !WORD.matcher(text).matches()) {
      throw QueryParameters.refused(name, "must be the name of an operation, such as createKey");
    }
    return text;
  }

  private static @Nullable Instant time(QueryParameters given, String name) {
    String text = given.text(name);
    if (text == null) {
      return null;
    }
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (!time.isBefore(FIRST) && time.isBefore(LAST)) {
        return time;
      }
    } catch (DateTimeException e) {
      // told below, as for a time out of range
    }
    throw QueryParameters.refused(
        name, "must be a time from 1970 on, such as 2026-03-01T10:00:00Z");
  }

  private static JobId id(String text) {
    try {
      return JobId.parse(text);
    } catch (IllegalArgumentException e) {
      throw QueryParameters.refused("after", "must be the id of a record");
    }
  }

  /** Writes a record. */
  static void write(JsonGenerator json, AuditRecord record) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", record.id().toString());
    JobWriter.time(json, "at", record.at());
    json.writeStringField("kind", Words.of(record.kind()));
    json.writeStringField("caller", record.caller());
    json.writeStringField("address", record.address());
    json.writeStringField("action", record.action());
    JobWriter.text(json, "target", record.target());
    Integer status = record.status();
    if (status == null) {
      json.writeNullField("status");
    } else {
      json.writeNumberField("status", status);
    }
    JobWriter.text(json, "reason", record.reason());
    json.writeNumberField("requests", record.requests());
    json.writeEndObject();
  }
}
