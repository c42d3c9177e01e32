package io.quikqueue.rest;

import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.port.AuditLog;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.audit.ReadAudit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the audit log, one record a line. A few hundred records are in memory at once, whatever
 * their number; few exports are sent at once, and one whose client reads too slowly ends. One that
 * cannot be sent to its end breaks off, so that its client cannot take it for the whole.
 */
final class AuditExport {

  static final String TYPE = "application/x-ndjson";

  /** Records read at once. */
  static final int AT_ONCE = 500;

  private static final int MOST = 2;
  private static final Logger log = LoggerFactory.getLogger(AuditExport.class);

  private final ReadAudit audit;
  private final AnswerBudget answers;
  private final Semaphore exports = new Semaphore(MOST);

  AuditExport(ReadAudit audit, AnswerBudget answers) {
    this.audit = audit;
    this.answers = answers;
  }

  /** The answer, which fails as any other until its first records are there. */
  StreamingOutput of(HttpServletRequest request, Caller caller, AuditLog.Query query) {
    return out -> {
      if (!exports.tryAcquire()) {
        throw new OverloadedException();
      }
      try {
        send(request, out, caller, query);
      } finally {
        exports.release();
      }
    };
  }

  private void send(
      HttpServletRequest request, OutputStream out, Caller caller, AuditLog.Query query)
      throws IOException {
    List<AuditRecord> records = audit.list(caller, query);
    while (!records.isEmpty()) {
      byte[] lines = lines(records);
      CompletableFuture<Void> sent = answers.watched(request, lines.length);
      try {
        out.write(lines);
        out.flush();
      } finally {
        sent.complete(null);
      }
      records =
          records.size() < query.limit()
              ? List.of()
              : next(caller, query.behind(records.getLast().id()));
    }
  }

  private List<AuditRecord> next(Caller caller, AuditLog.Query query) throws IOException {
    try {
      return audit.list(caller, query);
    } catch (UnavailableException e) {
      log.warn("event=audit_export_broken_off after={}", query.after());
      throw new EofException(e);
    }
  }

  private static byte[] lines(List<AuditRecord> records) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (AuditRecord record : records) {
      lines.writeBytes(Json.bytes(json -> AuditResource.write(json, record)));
      lines.write('\n');
    }
    return lines.toByteArray();
  }
}
