package io.quikqueue.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.keyword.UniqueItemsValidator;
import com.networknt.schema.path.NodePath;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The keyword {@code uniqueItems}. The validator's own puts items in a hash table by a hash that
 * whoever sends them can make the same for all: it then takes minutes for a few hundred KB. This
 * one compares texts, which a hash table also orders.
 */
final class UniqueItems extends AbstractKeyword {

  UniqueItems() {
    super("uniqueItems");
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
    return new Check(location, value, parent, context);
  }

  private static final class Check extends UniqueItemsValidator {

    Check(SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
      super(location, value, parent, context);
    }

    /** Has the error made by the validator's own, of an item that is there twice. */
    @Override
    public void validate(
        ExecutionContext execution, JsonNode items, JsonNode root, NodePath location) {
      if (!items.isArray()) {
        return;
      }
      Set<String> seen = new HashSet<>();
      for (JsonNode item : items) {
        if (!seen.add(text(item))) {
          JsonNode twice = JsonNodeFactory.instance.arrayNode().add(item).add(item);
          super.validate(execution, twice, root, location);
          return;
        }
      }
    }
  }

  /** The same for equal values, and for no others. */
  private static String text(JsonNode value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(JsonNode value, StringBuilder text) {
    if (value.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      value.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
      text.append('{');
      sorted.forEach(
          (name, field) -> {
            write(name, text);
            write(field, text);
          });
      text.append('}');
    } else if (value.isArray()) {
      text.append('[');
      value.forEach(item -> write(item, text));
      text.append(']');
    } else if (value.isTextual()) {
      write(value.textValue(), text);
    } else {
      text.append(value.asText()).append(',');
    }
  }

  private static void write(String string, StringBuilder text) {
    text.append('"').append(string.length()).append(':').append(string);
  }
}
