package io.quikqueue.acceptance.architecture.broken.domain;

import com.fasterxml.jackson.databind.ObjectMapper;

final class UsesALibrary {
  private final ObjectMapper json = new ObjectMapper();

  @Override
  public String toString() {
    return json.toString();
  }
}
