package io.quikqueue.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An operation to begin. Immutable; it must say which jobs it is about. */
public final class NewOperation {

  private final Map<String, Object> fields;
  private final Map<String, Object> filter;

  private NewOperation(Map<String, Object> fields, Map<String, Object> filter) {
    this.fields = fields;
    this.filter = filter;
  }

  /** Calls jobs off. */
  public static NewOperation cancel() {
    return of("cancel");
  }

  /** Runs jobs again that ended without success before it begins. */
  public static NewOperation retry() {
    return of("retry");
  }

  /** Deletes jobs that ended before it begins. */
  public static NewOperation discard() {
    return of("discard");
  }

  /** Gives jobs that wait another priority, from 0 (first) to 9 (last). */
  public static NewOperation setPriority(int priority) {
    return of("set_priority").with("priority", priority);
  }

  /** Moves jobs that wait into another queue. */
  public static NewOperation moveTo(String queue) {
    return of("move").with("queue", queue);
  }

  private static NewOperation of(String action) {
    return new NewOperation(Map.of("action", action), Map.of());
  }

  /** Only jobs in this state. */
  public NewOperation state(JobView.State state) {
    return filtered("state", state.name().toUpperCase(Locale.ROOT));
  }

  /** Only jobs of this queue. */
  public NewOperation queue(String queue) {
    return filtered("queue", queue);
  }

  /** Only jobs of this type. */
  public NewOperation type(String type) {
    return filtered("type", type);
  }

  /** Only jobs with this label, and with those named before. */
  public NewOperation label(String name, String value) {
    List<Object> labels = new ArrayList<>();
    if (filter.get("label") instanceof List<?> before) {
      labels.addAll(before);
    }
    labels.add(name + ":" + value);
    return filtered("label", List.copyOf(labels));
  }

  /** Only jobs of this group of failed jobs, see {@link DeadGroup#id}. */
  public NewOperation dead(String group) {
    return filtered("dead", group);
  }

  /** At most so many jobs a second. */
  public NewOperation rate(int jobs) {
    return with("rate", jobs);
  }

  /** Only counts them. */
  public NewOperation dryRun() {
    return with("dry_run", true);
  }

  private NewOperation with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new NewOperation(more, filter);
  }

  private NewOperation filtered(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(filter);
    more.put(name, value);
    return new NewOperation(fields, more);
  }

  Map<String, Object> fields() {
    return with("filter", filter).fields;
  }
}
