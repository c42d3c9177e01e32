package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobPage;
import jakarta.ws.rs.core.StreamingOutput;

/** Writes pages of jobs, as a stream. */
final class PageWriter {

  private PageWriter() {}

  static StreamingOutput stream(JobPage page) {
    return out -> {
      try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
        json.writeStartObject();
        json.writeArrayFieldStart("jobs");
        for (Job job : page.jobs()) {
          JobWriter.writeSummary(json, job);
        }
        json.writeEndArray();
        JobId next = page.next();
        JobWriter.text(json, "next", next == null ? null : next.toString());
        json.writeEndObject();
      }
    };
  }
}
