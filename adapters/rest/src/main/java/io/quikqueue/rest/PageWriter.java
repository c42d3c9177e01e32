package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobPage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes pages of jobs, each of a mebibyte and one job at most: labels and errors may be long. */
final class PageWriter {

  private static final int MOST_BYTES = 1 << 20;
  private static final int FIRST_BYTES = 8 << 10;

  private PageWriter() {}

  /**
   * The page, or as many of its jobs as there is room for; then the next one begins after these.
   */
  static byte[] bytes(JobPage page) {
    return bytes(_ -> {}, page);
  }

  /**
   * The same, behind other fields.
   *
   * @param fields writes these
   */
  static byte[] bytes(Json.Writer fields, JobPage page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(FIRST_BYTES);
    try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
      JobId next = page.next();
      json.writeStartObject();
      fields.write(json);
      json.writeArrayFieldStart("jobs");
      for (Job job : page.jobs()) {
        JobWriter.writeSummary(json, job);
        if (out.size() + json.getOutputBuffered() >= MOST_BYTES) {
          next = job == page.jobs().getLast() ? next : job.id();
          break;
        }
      }
      json.writeEndArray();
      JobWriter.text(json, "next", next == null ? null : next.toString());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
