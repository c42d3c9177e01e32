package io.quikqueue.domain.usecase.redact;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.redact.SecretSpans.Span;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is secret in jobs from all but their workers. Secret are the fields that a type names,
 * and of {@code http} jobs the headers that carry credentials. Who reads a job sees {@value #MASK}
 * in their place; and wherever their values turn up in a result, an error or a note.
 */
public final class Redaction {

  /** Stands where a secret is. */
  public static final String MASK = "[REDACTED]";

  private static final String HTTP = "http";

  /** Beside the names of the standard, parts of those that services have for their own. */
  private static final Pattern HEADER =
      Pattern.compile(
          "authoriz|authent|-auth|cookie|token|secret|passw|credential|signature"
              + "|(api|access|subscription|functions?)-?key");

  /** Where an {@code http} job takes its secrets. */
  private static final SecretFields URL = SecretFields.of(List.of("/payload/url"));

  /** What a URL begins with, when nothing in it can be read in two ways. */
  private static final Pattern SERVER =
      Pattern.compile(
          "https?://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:[0-9]+)?(?=[/?#]|$)", CASE_INSENSITIVE);

  private static final SecretFields NO_FIELDS = SecretFields.of(List.of());

  private final Map<String, SecretFields> byType = new HashMap<>();
  private final boolean everybodyViews;
  private final SecretFlow flow = new SecretFlow(this::fields);

  private Redaction(Map<String, SecretFields> declared, boolean everybodyViews) {
    byType.putAll(declared);
    byType.put(
        HTTP,
        declared
            .getOrDefault(HTTP, NO_FIELDS)
            .and(SecretPath.fieldsOf("headers", name -> HEADER.matcher(name).find())));
    this.everybodyViews = everybodyViews;
  }

  /**
   * @param declared what is secret beside the headers, by type
   * @param everybodyViews whether nothing is masked for who reads jobs; in errors and notes, which
   *     are masked before they are stored, it is all the same
   */
  public static Redaction of(Map<String, SecretFields> declared, boolean everybodyViews) {
    return new Redaction(declared, everybodyViews);
  }

  /** The headers of {@code http} jobs alone. */
  public static Redaction usual() {
    return of(Map.of(), false);
  }

  /** Whether this caller sees payloads and results as they are. The one place that decides it. */
  private boolean mayViewPayloads(Caller caller) {
    return everybodyViews;
  }

  /** The job as this caller may see it. */
  public ShownJob show(Caller caller, Job job) {
    return mayViewPayloads(caller) ? new ShownJob(closed(job), SecretValues.NONE) : masked(job);
  }

  /** The job as those see it who may see no secret, such as the receiver of a callback. */
  public ShownJob masked(Job stored) {
    Job job = closed(stored);
    SecretFields fields = byType.get(job.spec().type());
    if (fields == null) {
      return new ShownJob(job, SecretValues.NONE);
    }
    String payload = job.spec().payload();
    if (isUnknown(job.spec())) {
      job = withoutResult(job);
    }
    String result = job.result();
    List<Span> inPayload = find(payload, fields.payload());
    List<Span> inResult = result == null ? List.of() : find(result, fields.result());
    SecretValues values = SecretValues.in(payload, inPayload);
    if (result != null) {
      values = values.and(SecretValues.in(result, inResult));
    }
    if (inPayload.isEmpty() && inResult.isEmpty()) {
      return new ShownJob(job, SecretValues.NONE);
    }
    Job shown =
        job.toBuilder()
            .spec(job.spec().toBuilder().payload(JsonMask.spans(payload, inPayload)).build())
            .result(result == null ? null : masked(JsonMask.spans(result, inResult), values))
            .note(values.mask(job.note()))
            .error(values.mask(job.error()))
            .build();
    return new ShownJob(shown, values);
  }

  /** Whether what is secret is the result of another node, to which the payload refers. */
  private boolean isUnknown(JobSpec spec) {
    return spec.node() != null && spec.node().refers() && flow.getsSecrets(spec);
  }

  /** The whole of the result may be what this process does not know. */
  private static Job withoutResult(Job job) {
    return job.result() == null ? job : job.toBuilder().result(JsonMask.MASK).build();
  }

  private SecretFields fields(String type) {
    return byType.getOrDefault(type, NO_FIELDS);
  }

  /**
   * The references of a workflow that would take what is secret in the result of a node into a
   * field of another that is not secret, where everybody would see it.
   */
  public List<Wrong> leaks(WorkflowSpec workflow) {
    return everybodyViews ? List.of() : flow.leaks(workflow);
  }

  /** What cannot be opened here, as JSON. */
  private static Job closed(Job job) {
    String payload = job.spec().payload();
    String result = job.result();
    boolean closedResult = result != null && SealedText.isSealed(result);
    if (!SealedText.isSealed(payload) && !closedResult) {
      return job;
    }
    return job.toBuilder()
        .spec(job.spec().toBuilder().payload(closed(payload)).build())
        .result(result == null ? null : closed(result))
        .build();
  }

  /** A JSON text; in the place of one that cannot be opened here a text that says so. */
  public static String closed(String text) {
    return SealedText.isSealed(text)
        ? "\"[ENCRYPTED: the key "
            + JsonMask.escaped(SealedText.keyId(text))
            + " is unusable here]\""
        : text;
  }

  /** Something that is no JSON may hold a secret anywhere. */
  static List<Span> find(String json, List<SecretPath> paths) {
    return find(json, paths, Set.of());
  }

  /** Likewise, with the values that begin there when a path leads into them. */
  static List<Span> find(String json, List<SecretPath> paths, Set<Integer> unknown) {
    if (paths.isEmpty()) {
      return List.of();
    }
    try {
      return SecretSpans.find(json, paths, unknown);
    } catch (IllegalArgumentException e) {
      return List.of(new Span(0, json.length(), ""));
    }
  }

  private static String masked(String json, SecretValues values) {
    try {
      return JsonMask.values(json, values);
    } catch (IllegalArgumentException e) {
      return '"' + MASK + '"';
    }
  }

  /** What of a job must not turn up in a text that others read. */
  public SecretValues values(JobSpec spec) {
    SecretFields fields = byType.get(spec.type());
    return fields == null
        ? SecretValues.NONE
        : SecretValues.in(spec.payload(), find(spec.payload(), fields.payload()));
  }

  /**
   * Likewise, of a job as it is stored, whose worker got what its payload refers to: what of that
   * is secret is not known here.
   */
  public SecretValues valuesOfStored(JobSpec spec) {
    return isUnknown(spec) ? SecretValues.UNKNOWN : values(spec);
  }

  /** The failure of a job, without these values. */
  public static Failure masked(SecretValues values, Failure failure) {
    String message = values.mask(failure.message());
    return values.isEmpty() || message == null
        ? failure
        : new Failure(
            message, failure.permanent(), failure.errorClass(), values.mask(failure.trace()));
  }

  /** Why a job is put off, without these values. */
  public static Postponement masked(SecretValues values, Postponement put) {
    String reason = values.mask(put.reason());
    return reason == null || values.isEmpty()
        ? put
        : new Postponement(put.until(), reason, values.mask(put.answer()));
  }

  /**
   * A payload that somebody made of one that was shown, with the secrets of the job where it still
   * has the mask. Those of an {@code http} job stay masked when it would take them to another
   * server.
   */
  public String restored(JobSpec before, String edited) {
    SecretFields fields = byType.get(before.type());
    if (fields == null || !edited.contains(MASK)) {
      return edited;
    }
    if (before.type().equals(HTTP) && !isSameServer(before.payload(), edited)) {
      return edited;
    }
    Map<String, String> secrets = new HashMap<>();
    for (Span span : find(before.payload(), fields.payload())) {
      secrets.put(span.pointer(), before.payload().substring(span.start(), span.end()));
    }
    StringBuilder restored = new StringBuilder(edited.length());
    int copied = 0;
    for (Span span : find(edited, fields.payload())) {
      String secret = secrets.get(span.pointer());
      if (secret != null && edited.substring(span.start(), span.end()).equals(JsonMask.MASK)) {
        restored.append(edited, copied, span.start()).append(secret);
        copied = span.end();
      }
    }
    return restored.append(edited, copied, edited.length()).toString();
  }

  private static boolean isSameServer(String before, String edited) {
    String server = server(before);
    return server != null && server.equals(server(edited));
  }

  /** Scheme, name and port of the URL; null = they cannot be told for sure. */
  private static @Nullable String server(String payload) {
    List<Span> urls = find(payload, URL.payload());
    if (urls.size() != 1) {
      return null;
    }
    String url = payload.substring(urls.getFirst().start() + 1, urls.getFirst().end() - 1);
    Matcher server = SERVER.matcher(url);
    return server.lookingAt() ? server.group().toLowerCase(Locale.ROOT) : null;
  }

  /**
   * Refuses a payload that has the mask where a value belongs: who read the job and sends it again
   * would write the mask over the secret.
   *
   * @throws InvalidPayloadException naming the field
   */
  public void requireNoMask(JobSpec spec) {
    SecretFields fields = byType.get(spec.type());
    if (fields == null || !spec.payload().contains(MASK)) {
      return;
    }
    for (Span span : find(spec.payload(), fields.payload())) {
      if (spec.payload().substring(span.start(), span.end()).contains('"' + MASK + '"')) {
        throw new InvalidPayloadException(
            span.pointer(), "is the mask of a secret that was not shown; give its value");
      }
    }
  }
}
