package io.quikqueue.handlers;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Describes as JSON Schema what {@link PayloadJson#read} takes for a class: records, and what is
 * usual in them. Whatever else a class may be read from is left open, so that a schema never
 * refuses what a handler could use.
 */
final class RecordSchema {

  /** More records than this are left open; generic ones can refer to new ones without end. */
  private static final int MAX_RECORDS = 100;

  /** What Jackson writes for a double that is no number, and reads. */
  private static final String NO_NUMBER = "^(NaN|[+-]?(INF|Infinity))$";

  private static final Logger log = LoggerFactory.getLogger(RecordSchema.class);

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** What is cut off around the name of a constant. */
  private static final String BLANK = "[\\x00-\\x20]";

  private static final Pattern REGEX_CHARACTER = Pattern.compile("[^A-Za-z0-9_ ]");

  private final JsonMapper mapper;
  private final DeserializationConfig config;
  private final ObjectNode definitions = NODES.objectNode();
  private final Map<JavaType, String> names = new HashMap<>();

  private RecordSchema(JsonMapper mapper) {
    this.mapper = mapper;
    this.config = mapper.getDeserializationConfig();
  }

  /**
   * The schema of a class; null when nothing can be said, it would be too long, or the class cannot
   * be looked into: whether a handler can work is not for its schema to say.
   */
  static @Nullable String of(JsonMapper mapper, Class<?> payload) {
    try {
      return derive(mapper, payload);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      log.warn(
          "event=schema_not_derived class={} payloads=not_checked cause={}",
          payload.getName(),
          e.toString());
      return null;
    }
  }

  private static @Nullable String derive(JsonMapper mapper, Class<?> payload) {
    RecordSchema derived = new RecordSchema(mapper);
    JavaType type = mapper.constructType(payload);
    ObjectNode root = derived.describe(type, false);
    if (root.isEmpty()) {
      return null;
    }
    if (!derived.definitions.isEmpty()) {
      root.set("$defs", derived.definitions);
    }
    String json = root.toString();
    return json.length() > PayloadSchema.MAX_LENGTH ? null : json;
  }

  private ObjectNode describe(JavaType type, boolean nullable) {
    Class<?> raw = type.getRawClass();
    if (raw == int.class || raw == Integer.class) {
      return integer(nullable, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (raw == long.class || raw == Long.class) {
      return integer(nullable, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (raw == BigInteger.class) {
      return of(nullable, "integer");
    }
    if (raw == BigDecimal.class) {
      return of(nullable, "number");
    }
    if (raw == double.class || raw == Double.class || raw == float.class || raw == Float.class) {
      return of(nullable, "number", "string").put("pattern", NO_NUMBER);
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return of(nullable, "boolean");
    }
    if (raw == String.class || raw == UUID.class) {
      return of(nullable, "string");
    }
    if (raw == Instant.class || raw == Duration.class) {
      return of(nullable, "string", "number");
    }
    if (type.isEnumType() && raw != Enum.class) {
      return oneOf(raw, nullable);
    }
    if (raw == Optional.class) {
      return describe(type.containedTypeOrUnknown(0), true);
    }
    return type.isRecordType() ? record(type, nullable) : container(type, nullable);
  }

  private ObjectNode container(JavaType type, boolean nullable) {
    Class<?> raw = type.getRawClass();
    boolean known = raw.getName().startsWith("java.util.");
    boolean list = type.isCollectionLikeType() && known;
    boolean array = type.isArrayType() && raw != byte[].class && raw != char[].class;
    if (list || array) {
      ObjectNode schema = of(nullable, "array");
      schema.set("items", describe(type.getContentType(), true));
      return schema;
    }
    if (type.isMapLikeType() && known && type.getKeyType().getRawClass() == String.class) {
      ObjectNode schema = of(nullable, "object");
      schema.set("additionalProperties", describe(type.getContentType(), true));
      return schema;
    }
    return NODES.objectNode();
  }

  private ObjectNode record(JavaType type, boolean nullable) {
    if (!plain(type.getRawClass())) {
      return NODES.objectNode();
    }
    if (!nullable) {
      return object(type, false); // the payload itself
    }
    String name = names.get(type);
    if (name == null) {
      if (names.size() == MAX_RECORDS) {
        return NODES.objectNode();
      }
      name = type.getRawClass().getSimpleName() + (names.isEmpty() ? "" : names.size());
      names.put(type, name);
      definitions.set(name, object(type, true));
    }
    return NODES.objectNode().put("$ref", "#/$defs/" + name);
  }

  private ObjectNode object(JavaType type, boolean nullable) {
    ObjectNode schema = of(nullable, "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = NODES.arrayNode();
    BeanDescription description = config.introspect(type);
    for (BeanPropertyDefinition property : description.findProperties()) {
      AnnotatedParameter parameter = property.getConstructorParameter();
      if (parameter == null) {
        properties.set(property.getName(), NODES.objectNode());
      } else {
        boolean primitive = parameter.getType().isPrimitive();
        properties.set(property.getName(), describe(parameter.getType(), !primitive));
        if (primitive) {
          required.add(property.getName());
        }
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  /** Whether it can be read from an object only: from other values it may have further makers. */
  private static boolean plain(Class<?> record) {
    return record.getDeclaredConstructors().length == 1
        && Arrays.stream(record.getDeclaredMethods()).noneMatch(m -> makes(m, record));
  }

  private static boolean makes(Method method, Class<?> record) {
    return Modifier.isStatic(method.getModifiers()) && method.getReturnType() == record;
  }

  /** Handlers get a constant also from its name with blanks around it. */
  private ObjectNode oneOf(Class<?> raw, boolean nullable) {
    ObjectNode plain = NODES.objectNode();
    ArrayNode values = plain.putArray("enum");
    List<String> names = new ArrayList<>();
    for (Object constant : raw.getEnumConstants()) {
      String name = mapper.valueToTree(constant).asText();
      values.add(name);
      names.add(REGEX_CHARACTER.matcher(name).replaceAll("\\\\$0"));
    }
    if (nullable) {
      values.addNull();
    }
    String padded = "^" + BLANK + "*(?:" + String.join("|", names) + ")" + BLANK + "*$";
    ObjectNode schema = NODES.objectNode();
    schema.putObject("if").put("type", "string").put("pattern", "^" + BLANK + "|" + BLANK + "$");
    schema.putObject("then").put("pattern", padded);
    schema.set("else", plain);
    return schema;
  }

  private static ObjectNode integer(boolean nullable, long minimum, long maximum) {
    return of(nullable, "integer").put("minimum", minimum).put("maximum", maximum);
  }

  private static ObjectNode of(boolean nullable, String... types) {
    ObjectNode schema = NODES.objectNode();
    if (types.length == 1 && !nullable) {
      return schema.put("type", types[0]);
    }
    ArrayNode list = schema.putArray("type");
    Arrays.stream(types).forEach(list::add);
    if (nullable) {
      list.add("null");
    }
    return schema;
  }
}
