package io.quikqueue.rest;

import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobState;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads whom to tell of the end of a job: the field {@code callback}; used once. */
final class CallbackReader {

  static final String FIELD = "callback";

  private boolean given;
  private @Nullable String url;
  private @Nullable List<String> on;

  void read(JsonReader json) throws IOException {
    given = !json.isNull();
    json.objectOrNull(FIELD, name -> field(json, name));
    if (given && url == null) {
      json.missing(FIELD + ".url");
    }
  }

  private void field(JsonReader json, String name) throws IOException {
    String field = FIELD + "." + name;
    switch (name) {
      case "url" -> url = json.string(field);
      case "on" -> on = json.strings(field, Callback.ANY_END.size());
      default -> json.unknown(field);
    }
  }

  /**
   * What was read; null = the field is absent.
   *
   * @throws InvalidFieldException when a value is one that there cannot be
   */
  @Nullable Callback callback() {
    return !given || url == null ? null : new Callback(url, on());
  }

  private Set<JobState> on() {
    if (on == null) {
      return Callback.ANY_END;
    }
    Set<JobState> named = EnumSet.noneOf(JobState.class);
    for (int i = 0; i < on.size(); i++) {
      named.add(state(on.get(i), FIELD + ".on." + i));
    }
    return named;
  }

  private static JobState state(String name, String field) {
    for (JobState state : Callback.ANY_END) {
      if (Callback.name(state).equals(name)) {
        return state;
      }
    }
    throw new InvalidFieldException(
        field, Words.oneOf(Callback.ANY_END.stream().map(Callback::name).sorted()));
  }
}
