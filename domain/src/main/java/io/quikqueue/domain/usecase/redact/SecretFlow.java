package io.quikqueue.domain.usecase.redact;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.usecase.redact.SecretSpans.Span;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.Reference;
import io.quikqueue.domain.workflow.References;
import io.quikqueue.domain.workflow.References.Place;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * How secrets go from node to node. A node that gets one by a reference may repeat it in its
 * result, and only its worker knows its value: so the whole of its result is secret. And what is
 * secret goes only where it is known to be: into secret fields.
 */
final class SecretFlow {

  private static final int MOST_WRONGS = 20;

  private final Function<String, SecretFields> byType;

  /**
   * @param byType the secret fields of a type
   */
  SecretFlow(Function<String, SecretFields> byType) {
    this.byType = byType;
  }

  /** Whether a secret field of the payload is, is in, or has in it the result of another node. */
  boolean getsSecrets(JobSpec spec) {
    List<SecretPath> secret = byType.apply(spec.type()).payload();
    return !secret.isEmpty() && touches(spec.payload(), secret);
  }

  /** The references that take what is secret into fields that are not. */
  List<Wrong> leaks(WorkflowSpec workflow) {
    List<Wrong> wrongs = new ArrayList<>(0);
    List<NodeSpec> nodes = workflow.nodes();
    Map<String, NodeSpec> byName = new HashMap<>();
    Set<String> secretWhole = new HashSet<>();
    for (NodeSpec node : nodes) {
      byName.put(node.name(), node);
      if (getsSecrets(node.job())) {
        secretWhole.add(node.name());
      }
    }
    for (int i = 0; i < nodes.size() && wrongs.size() < MOST_WRONGS; i++) {
      JobSpec job = nodes.get(i).job();
      ForEach forEach = nodes.get(i).forEach();
      Reference list = forEach == null ? null : Reference.parse(forEach.from());
      Spans kept = null;
      for (Place place : References.in(job.payload())) {
        Reference reference = Reference.parse(place.text());
        Reference whole = reference != null && reference.isOfItem() ? list : reference;
        if (whole == null || reference == null) {
          continue;
        }
        NodeSpec source = byName.get(whole.node());
        if (source == null || !isSecret(source, whole, reference, secretWhole)) {
          continue;
        }
        if (kept == null) {
          kept = new Spans(Redaction.find(job.payload(), byType.apply(job.type()).payload()));
        }
        if (!kept.hold(place)) {
          wrongs.add(
              new Wrong(
                  "nodes." + i + ".payload",
                  "takes what is secret in the result of %s into a field that is not; it has to be secret for the type %s too"
                      .formatted(source.name(), job.type())));
          break;
        }
      }
    }
    return wrongs;
  }

  /**
   * @param whole the reference to the list when the other one is of an item of it, else the same
   */
  private boolean isSecret(
      NodeSpec source, Reference whole, Reference reference, Set<String> secretWhole) {
    if (reference.node().equals(Reference.INDEX)) {
      return false;
    }
    if (secretWhole.contains(source.name())) {
      return true;
    }
    boolean listed = source.forEach() != null; // its result is a list of those of its type
    List<String> path = whole.path();
    List<String> inResult = listed && !path.isEmpty() ? path.subList(1, path.size()) : path;
    boolean ofItem = reference.isOfItem();
    boolean isResult = ofItem && listed && path.isEmpty(); // each item is one of those
    return byType.apply(source.job().type()).result().stream()
        .anyMatch(
            secret ->
                isResult
                    ? secret.overlaps(reference.path())
                    : ofItem
                        ? secret.overlapsItem(inResult, reference.path())
                        : secret.overlaps(inResult));
  }

  /** Whether references stand in secret values, or secret values in what is referred to. */
  private static boolean touches(String payload, List<SecretPath> secret) {
    List<Place> places = References.in(payload);
    if (places.isEmpty()) {
      return false;
    }
    Set<Integer> starts = new HashSet<>();
    places.forEach(place -> starts.add(place.start()));
    Spans spans = new Spans(Redaction.find(payload, secret, starts));
    return places.stream().anyMatch(spans::hold);
  }

  /** Values of a text, asked for places from the first to the last. */
  private static final class Spans {

    private final List<Span> inOrder;
    private int at;

    Spans(List<Span> inOrder) {
      this.inOrder = inOrder;
    }

    boolean hold(Place place) {
      while (at < inOrder.size() && inOrder.get(at).end() < place.end()) {
        at++;
      }
      return at < inOrder.size() && inOrder.get(at).start() <= place.start();
    }
  }
}
