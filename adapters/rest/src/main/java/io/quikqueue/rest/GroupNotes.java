package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies that name a group, which may have any characters and so stands in no path: {@code
 * {"group": "…", "note": "…"}}.
 */
final class GroupNotes {

  private final boolean noted;
  private @Nullable String group;
  private @Nullable String note;

  private GroupNotes(boolean noted) {
    this.noted = noted;
  }

  /**
   * What a body says.
   *
   * @param note null = there is none
   */
  record GroupNote(String group, @Nullable String note) {}

  /**
   * Reads a body.
   *
   * @param noted whether it may have a note
   */
  static GroupNote read(
      HttpServletRequest request, InputStream body, RequestBodies bodies, boolean noted) {
    return bodies.read(
        body,
        request,
        json -> {
          GroupNotes notes = new GroupNotes(noted);
          JsonReader.read(json, Source.START, notes::document);
          return new GroupNote(Objects.requireNonNull(notes.group), notes.note);
        });
  }

  private void document(JsonReader json) throws IOException {
    json.object("", name -> field(json, name));
    if (group == null) {
      json.missing("group");
    }
  }

  private void field(JsonReader json, String name) throws IOException {
    if (name.equals("group")) {
      group = json.string(name);
    } else if (name.equals("note") && noted) {
      note = json.string(name);
    } else {
      json.unknown(name);
    }
  }
}
