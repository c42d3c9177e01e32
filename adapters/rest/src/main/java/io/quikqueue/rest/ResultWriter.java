package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.usecase.redact.ShownJob;
import java.io.IOException;

/** Writes how a submitted text fares. */
final class ResultWriter {

  private ResultWriter() {}

  static void write(JsonGenerator json, ShownJob shown) throws IOException {
    Job job = shown.job();
    json.writeStartObject();
    json.writeStringField("id", job.id().toString());
    json.writeStringField("status", job.state().name());
    JobWriter.raw(json, "text", SubmittedText.of(job.spec()));
    JobWriter.text(json, "note", job.note());
    JobWriter.raw(json, "result", job.result());
    JobWriter.text(json, "error", job.error());
    json.writeNumberField("attempt", job.attempt());
    JobWriter.time(json, "created_at", job.createdAt());
    JobWriter.time(json, "updated_at", job.updatedAt());
    json.writeEndObject();
  }
}
