package io.quikqueue.cli;

import org.jspecify.annotations.Nullable;

/** The query of a request: what is not given is left out. */
final class Query {

  private final StringBuilder text;

  Query(String path) {
    this.text = new StringBuilder(path);
  }

  Query with(String name, @Nullable Object value) {
    if (value != null) {
      text.append(text.indexOf("?") < 0 ? '?' : '&')
          .append(name)
          .append('=')
          .append(Service.part(value.toString()));
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
