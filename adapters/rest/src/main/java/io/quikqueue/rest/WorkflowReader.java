package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.NodeWait;
import io.quikqueue.domain.usecase.submit.JobRequest;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.Reference;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a workflow, or one of the shorthands for some; used once. */
final class WorkflowReader {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final String BODY = "body";
  private static final String NODE_NAME =
      "must be 1 to 64 of A-Z a-z 0-9 _ -, and begin with a letter or a digit";

  /** What a request describes. */
  enum Kind {
    WORKFLOW("nodes"),
    CHAIN("jobs"),
    GROUP("jobs"),
    CHORD("jobs");

    private final String list;

    Kind(String list) {
      this.list = list;
    }
  }

  private final Kind kind;
  private final ShorthandReferences references;
  private final int maxNode;
  private final @Nullable String traceparent;
  private final List<Item> items = new ArrayList<>();
  private @Nullable Item body;
  private @Nullable String name;
  private OnFailure onFailure = OnFailure.FINISH_BRANCHES;
  private @Nullable WorkflowContext context;
  private boolean listed;
  private int needs;

  /** A node as it stands in the request, with what it has beside the fields of a job. */
  private static final class Item {

    private @Nullable JobRequest job;
    private @Nullable NodeWait wait;
    private @Nullable String name;
    private List<String> needs = List.of();
    private RunIf runIf = RunIf.ALL_SUCCEEDED;
    private boolean optional;
    private final ForEachReader items = new ForEachReader();

    JobRequest request() {
      if (job == null) {
        throw new IllegalStateException("the reader let a missing job pass");
      }
      return job;
    }

    NodeSpec node(String called, String payload, List<String> behind) {
      return new NodeSpec(
          called,
          request().spec().toBuilder().payload(payload).build(),
          request().runAt(),
          behind,
          runIf,
          optional,
          wait,
          items.forEach(optional));
    }
  }

  private WorkflowReader(Kind kind, int maxNode, @Nullable String traceparent) {
    this.kind = kind;
    this.references = new ShorthandReferences(maxNode);
    this.maxNode = maxNode;
    this.traceparent = traceparent;
  }

  /**
   * The body of a request.
   *
   * @param maxNode the most bytes of one node, and of its payload once the references of a
   *     shorthand are written out in it
   * @throws ProblemException when it is no such workflow; what is wrong with its graph is not found
   *     here
   */
  static WorkflowSpec read(String json, Kind kind, int maxNode, @Nullable String traceparent) {
    WorkflowReader reader = new WorkflowReader(kind, maxNode, traceparent);
    JsonReader.read(json, Source.START, reader::document);
    return reader.spec();
  }

  private void document(JsonReader json) throws IOException {
    json.object("", field -> field(json, field));
    if (!listed) {
      json.missing(kind.list);
    }
    if (kind == Kind.CHORD && body == null) {
      json.missing(BODY);
    }
  }

  private void field(JsonReader json, String field) throws IOException {
    if (field.equals(kind.list)) {
      listed = true;
      json.items(
          field,
          WorkflowSpec.MOST_NODES,
          "a list of jobs",
          item -> {
            Item read = item(json, item);
            if (read != null) {
              items.add(read);
            }
          });
    } else if (field.equals(BODY) && kind == Kind.CHORD) {
      body = item(json, field);
    } else if (field.equals("name")) {
      name = json.string(field);
      if (name != null && !NAME.matcher(name).matches()) {
        json.error(
            Problems.invalidValue(
                field, "must be 1 to 64 of A-Z a-z 0-9 _ . -, and begin with a letter or a digit"));
      }
    } else if (field.equals("on_failure")) {
      OnFailure read = oneOf(json, field, OnFailure.values());
      onFailure = read == null ? onFailure : read;
    } else if (field.equals(WorkflowContext.NAME)) {
      context = WorkflowContext.read(json, maxNode);
    } else {
      json.unknown(field);
    }
  }

  private @Nullable Item item(JsonReader json, String path) throws IOException {
    if (!json.isObject()) {
      json.wrongType(path, "an object");
      return null;
    }
    String raw = json.raw();
    if (references.isTooLarge(raw)) {
      json.error(Problems.invalidValue(path, "must be at most " + maxNode + " bytes"));
      return null;
    }
    Item item = new Item();
    try {
      WaitReader wait = WaitReader.of(raw, (inner, field) -> extra(inner, field, item));
      item.wait = wait == null ? null : wait.waitsFor();
      item.job =
          wait == null
              ? JobReader.readNode(raw, traceparent, (inner, field) -> extra(inner, field, item))
              : wait.job();
      item.items.check(item.request().spec(), wait != null);
      if (kind == Kind.WORKFLOW && item.name == null) {
        json.error(Problems.missingField(path + ".name"));
      }
    } catch (InvalidFieldException e) {
      throw new ProblemException(Problems.of(e).under(path));
    } catch (ProblemException e) {
      throw new ProblemException(e.problem().under(path));
    }
    needs += item.needs.size();
    if (needs > WorkflowSpec.MOST_NEEDS) {
      throw ShorthandReferences.refused(kind.list, "must have at most 100,000 needs together");
    }
    return item;
  }

  private boolean extra(JsonReader json, String field, Item item) throws IOException {
    switch (field) {
      case "name" -> {
        item.name = json.string(field);
        if (item.name != null && !Reference.isName(item.name)) {
          json.error(Problems.invalidValue(field, NODE_NAME));
        }
      }
      case "run_if" -> {
        RunIf read = oneOf(json, field, RunIf.values());
        item.runIf = read == null ? item.runIf : read;
      }
      case "optional" -> item.optional = Boolean.TRUE.equals(json.bool(field));
      case "needs", ForEachReader.FIELD, ForEachReader.MAX -> {
        return kind == Kind.WORKFLOW && ofWorkflows(json, field, item);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Fields that nodes have and jobs of shorthands have not. */
  private static boolean ofWorkflows(JsonReader json, String field, Item item) throws IOException {
    switch (field) {
      case ForEachReader.FIELD -> item.items.list(json);
      case ForEachReader.MAX -> item.items.max(json);
      default -> {
        List<String> needs = json.strings(field, WorkflowSpec.MOST_NODES);
        item.needs = needs == null ? List.of() : needs;
      }
    }
    return true;
  }

  private static <T extends Enum<T>> @Nullable T oneOf(JsonReader json, String field, T[] values)
      throws IOException {
    String text = json.string(field);
    for (T value : values) {
      if (Words.of(value).equals(text)) {
        return value;
      }
    }
    if (text != null) {
      json.error(Problems.invalidValue(field, Words.oneOf(Arrays.stream(values).map(Words::of))));
    }
    return null;
  }

  private WorkflowSpec spec() {
    String usual = Words.of(kind);
    return new WorkflowSpec(name == null ? usual : name, onFailure, nodes());
  }

  private List<NodeSpec> nodes() {
    List<NodeSpec> nodes = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      String at = kind.list + "." + i;
      String payload = withContext(item, nameOf(i), at);
      nodes.add(
          switch (kind) {
            case WORKFLOW -> item.node(nameOf(i), payload, item.needs);
            case CHAIN ->
                item.node(
                    nameOf(i),
                    i == 0
                        ? payload
                        : references.toPrevious(payload, nameOf(i - 1), at + ".payload"),
                    i == 0 ? List.of() : List.of(nameOf(i - 1)));
            case GROUP, CHORD -> item.node(nameOf(i), payload, List.of());
          });
    }
    if (body != null) {
      List<String> all = nodes.stream().map(NodeSpec::name).toList();
      boolean named = items.stream().anyMatch(item -> item.name != null);
      String called = body.name == null ? BODY : body.name;
      String payload =
          references.toGroup(withContext(body, called, BODY), all, named, BODY + ".payload");
      nodes.add(body.node(called, payload, all));
    }
    return nodes;
  }

  /** The payload of a node, which must not be called as the context is. */
  private String withContext(Item item, String called, String at) {
    String payload = item.request().spec().payload();
    if (context == null) {
      return payload;
    }
    if (called.equals(WorkflowContext.NAME)) {
      throw ShorthandReferences.refused(
          at + ".name", "must not be \"context\" in a workflow that has a context");
    }
    return context.writeInto(payload, at + ".payload");
  }

  private String nameOf(int item) {
    String given = items.get(item).name;
    return given == null ? "job-" + item : given;
  }
}
