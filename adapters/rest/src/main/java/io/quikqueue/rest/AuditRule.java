package io.quikqueue.rest;

import io.quikqueue.domain.audit.AuditKind;
import io.quikqueue.domain.audit.AuditRecord;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/**
 * What the audit log says of a route: its action is the {@code operationId} of {@code
 * openapi.json}. Whatever changes something is in the log, unless the document says why not, under
 * {@code x-unaudited}.
 *
 * @param action null = the document has no name for it, as it need not for what changes nothing
 * @param isAudited whether each request is a record of its own
 * @param first which segment of the path is its first parameter; -1 = it has none
 * @param behind segments behind the last parameter
 */
record AuditRule(@Nullable String action, boolean isAudited, int first, int behind) {

  /** Of what changes nothing. */
  static final AuditRule NONE = new AuditRule(null, false, -1, 0);

  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z]\\w{0," + (AuditRecord.MOST_WORD_CHARS - 1) + "}");

  /**
   * The rule of a route.
   *
   * @param path its segments, as the document has them
   * @param action null = the document has none
   * @param unaudited why it is not in the log; null = the document does not say
   * @throws IllegalStateException when it should be in the log and has no name there
   */
  static AuditRule of(
      String method, List<String> path, @Nullable String action, @Nullable String unaudited) {
    boolean changes = changes(method);
    boolean isNamed = action != null && NAME.matcher(action).matches();
    if (changes && !isNamed) {
      throw new IllegalStateException(
          method + " /" + String.join("/", path) + " has no name for the audit log (operationId)");
    }
    if (unaudited != null && (!changes || unaudited.isBlank())) {
      throw new IllegalStateException(
          method + " /" + String.join("/", path) + " does not say why it is not audited");
    }
    int first = -1;
    int last = -1;
    for (int i = 0; i < path.size(); i++) {
      if (path.get(i).startsWith("{")) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    return new AuditRule(
        isNamed ? action : null, changes && unaudited == null, first, path.size() - 1 - last);
  }

  /** Whether requests of this method may change something. */
  static boolean changes(String method) {
    return !SAFE_METHODS.contains(method);
  }

  /**
   * What a request is about: its path from the first parameter to the last.
   *
   * @param path its segments, as they were sent
   * @return null = the path names nothing
   */
  @Nullable String target(List<String> path) {
    if (first < 0 || path.size() - behind <= first) {
      return null;
    }
    String sent = String.join("/", path.subList(first, path.size() - behind));
    try {
      return UriComponent.decode(sent, UriComponent.Type.PATH);
    } catch (IllegalArgumentException e) {
      return sent;
    }
  }

  /** Which records its requests are, by what the path names. */
  static AuditKind kind(ScopeRule scope) {
    return scope == ScopeRule.JOB || scope == ScopeRule.WORKFLOW ? AuditKind.JOB : AuditKind.CHANGE;
  }
}
