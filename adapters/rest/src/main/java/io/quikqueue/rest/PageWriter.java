package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobPage;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes pages of lists. One of jobs has a mebibyte and one job at most: labels and errors may be
 * long.
 */
final class PageWriter {

  private static final int MOST_BYTES = 1 << 20;
  private static final int FIRST_BYTES = 8 << 10;

  private PageWriter() {}

  /** Writes one thing of a page. */
  @FunctionalInterface
  interface Element<T> {
    void write(JsonGenerator json, T thing) throws IOException;
  }

  /**
   * A page of what was found.
   *
   * @param found one more than the limit where there are more
   * @param id behind which the next page begins
   */
  static <T> Response of(
      String field, List<T> found, int limit, Function<T, String> id, Element<T> element) {
    List<T> shown = found.subList(0, Math.min(limit, found.size()));
    String next = found.size() > shown.size() ? id.apply(shown.getLast()) : null;
    return of(field, shown, next, element);
  }

  /**
   * A page.
   *
   * @param next behind which the next page begins; null = this is the last one
   */
  static <T> Response of(String field, List<T> shown, @Nullable String next, Element<T> element) {
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart(field);
              for (T each : shown) {
                element.write(json, each);
              }
              json.writeEndArray();
              JobWriter.text(json, "next", next);
              json.writeEndObject();
            }));
  }

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
