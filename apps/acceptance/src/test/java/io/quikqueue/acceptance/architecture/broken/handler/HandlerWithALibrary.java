package io.quikqueue.acceptance.architecture.broken.handler;

import com.fasterxml.jackson.databind.JsonNode;

interface HandlerWithALibrary {
  JsonNode run(JsonNode payload);
}
