package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.SpawnedNode;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the result of a node: {@code node} or {@code node.field.0.field}.
 *
 * @param path the names of fields and the indexes of items that lead there; empty = the whole
 */
public record Reference(String node, List<String> path) {

  /** Stands for the item in the payload of a node that is one for each. */
  public static final String ITEM = "$item";

  /** Stands for the place of the item in its list, from 0. */
  public static final String INDEX = "$index";

  /** Levels. */
  static final int LONGEST_PATH = 32;

  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final Pattern ADDED =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}(:[A-Za-z0-9][A-Za-z0-9_-]{0,63})*+");

  public Reference {
    path = List.copyOf(path);
  }

  /** Whether a node can have this name. */
  public static boolean isName(String name) {
    return NODE.matcher(name).matches();
  }

  /** Whether a node can have this name, perhaps one that another node has added. */
  public static boolean isNameOfAny(String name) {
    return name.length() <= SpawnedNode.LONGEST_NAME && ADDED.matcher(name).matches();
  }

  /** The place in a list that a step of a path names, from 0; -1 = it names none. */
  public static int index(String step) {
    return step.length() <= 9 && step.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Integer.parseInt(step)
        : -1;
  }

  /** Whether it is of the item that the node stands for, not of another node. */
  public boolean isOfItem() {
    return isOfItem(node);
  }

  private static boolean isOfItem(String name) {
    return name.equals(ITEM) || name.equals(INDEX);
  }

  /** Reads the text of a reference; null = it is none. */
  public static @Nullable Reference parse(String text) {
    List<String> parts = List.of(text.split("\\.", LONGEST_PATH + 2));
    boolean valid =
        (isNameOfAny(parts.getFirst()) || isOfItem(parts.getFirst()))
            && parts.size() <= LONGEST_PATH + 1
            && parts.stream().noneMatch(String::isEmpty);
    return valid ? new Reference(parts.getFirst(), parts.subList(1, parts.size())) : null;
  }

  @Override
  public String toString() {
    return path.isEmpty() ? node : node + "." + String.join(".", path);
  }
}
