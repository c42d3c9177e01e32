package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.usecase.user.SignIn;
import java.io.IOException;

/** Writes users, never with what their passwords are known by. */
final class UserWriter {

  private UserWriter() {}

  static void write(JsonGenerator json, User user) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", user.id());
    json.writeStringField("name", user.profile().name());
    json.writeStringField("email", user.profile().email());
    Integer age = user.profile().age();
    if (age == null) {
      json.writeNullField("age");
    } else {
      json.writeNumberField("age", age);
    }
    JobWriter.text(json, "phone", user.profile().phone());
    json.writeStringField("role", Words.of(user.role()));
    json.writeBooleanField("active", user.active());
    JobWriter.time(json, "created_at", user.createdAt());
    json.writeStringField("created_by", user.by());
    JobWriter.time(json, "changed_at", user.changedAt());
    JobWriter.time(json, "password_changed_at", user.passwordAt());
    JobWriter.time(json, "logged_in_at", user.loggedInAt());
    json.writeEndObject();
  }

  /** What a client goes on with that has signed in. */
  static byte[] tokens(SignIn.Tokens tokens) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("access_token", tokens.access());
          json.writeStringField("token_type", "Bearer");
          json.writeNumberField("expires_in", SignIn.ACCESS.toSeconds());
          json.writeStringField("refresh_token", tokens.refresh());
          json.writeFieldName("user");
          write(json, tokens.user());
          json.writeEndObject();
        });
  }
}
