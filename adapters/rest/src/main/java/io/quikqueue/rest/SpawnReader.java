package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.port.SpawnRequest;
import io.quikqueue.domain.usecase.submit.JobRequest;
import io.quikqueue.domain.workflow.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the nodes that a worker adds to the workflow of its job; used once. */
final class SpawnReader {

  static final String FIELD = "spawn";

  private static final String NODE_NAME =
      "must be 1 to 64 of A-Z a-z 0-9 _ -, and begin with a letter or a digit";

  private final List<SpawnRequest> nodes = new ArrayList<>();

  /** What a node has beside the fields of a job. */
  private static final class Beside {

    private @Nullable String name;
    private boolean optional;

    private boolean read(JsonReader json, String field) throws IOException {
      switch (field) {
        case "name" -> {
          name = json.string(field);
          if (name != null && !Reference.isName(name)) {
            json.error(Problems.invalidValue(field, NODE_NAME));
          }
        }
        case "optional" -> optional = Boolean.TRUE.equals(json.bool(field));
        default -> {
          return false;
        }
      }
      return true;
    }
  }

  void read(JsonReader json) throws IOException {
    json.items(FIELD, SpawnedNode.MOST, "a list of jobs", path -> item(json, path));
  }

  private void item(JsonReader json, String path) throws IOException {
    if (!json.isObject()) {
      json.wrongType(path, "an object");
      return;
    }
    String raw = json.raw();
    Beside beside = new Beside();
    try {
      JobRequest job = JobReader.readNode(raw, null, beside::read);
      nodes.add(new SpawnRequest(beside.name, job.spec(), job.runAt(), beside.optional));
    } catch (InvalidFieldException e) {
      throw new ProblemException(Problems.of(e).under(path));
    } catch (ProblemException e) {
      throw new ProblemException(e.problem().under(path));
    }
  }

  List<SpawnRequest> nodes() {
    return nodes;
  }
}
