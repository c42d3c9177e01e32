package io.quikqueue.handlers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import io.quikqueue.domain.port.PermanentFailureException;
import org.jspecify.annotations.Nullable;

/**
 * Payloads read into the class a handler names, and results written. Reading is strict: an unknown
 * field, a field of another type and a primitive without a value are refused. Names are snake_case,
 * times ISO 8601.
 */
final class PayloadJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .addModule(new ParameterNamesModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .withCoercionConfig(
              LogicalType.Textual,
              coercion ->
                  coercion
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private static final JsonMapper TREES =
      (JsonMapper) MAPPER.copy().setNodeFactory(new FiniteNodes());

  private PayloadJson() {}

  /** Numbers that no double holds become the largest that one does, for code that counts on it. */
  private static final class FiniteNodes extends JsonNodeFactory {

    private static final long serialVersionUID = 1L;

    @Override
    public NumericNode numberNode(double number) {
      return super.numberNode(Math.clamp(number, -Double.MAX_VALUE, Double.MAX_VALUE));
    }
  }

  /**
   * Reads a payload.
   *
   * @throws PermanentFailureException naming the field that does not fit, or {@code payload}
   */
  static <P> P read(String payload, Class<P> type) throws PermanentFailureException {
    P read;
    try {
      read = MAPPER.readValue(payload, type);
    } catch (JsonProcessingException e) {
      throw new PermanentFailureException(field(e) + ": " + problem(e), e);
    }
    if (read == null) {
      throw new PermanentFailureException("payload: must not be null");
    }
    return read;
  }

  /** Reads any JSON, as strictly as {@link #read}. */
  static JsonNode tree(String json) throws JsonProcessingException {
    return TREES.readTree(json);
  }

  /** Describes what {@link #read} takes for a class; null = nothing can be said. */
  static @Nullable String schema(Class<?> type) {
    return RecordSchema.of(MAPPER, type);
  }

  /**
   * Writes a result.
   *
   * @throws PermanentFailureException when Jackson cannot, or no store could hold it; another
   *     attempt would return the like
   */
  static String write(Object result) throws PermanentFailureException {
    return result(result).json();
  }

  /**
   * Writes a result, with a note where it had to be changed.
   *
   * @throws PermanentFailureException as {@link #write}
   */
  static WrittenResult result(Object result) throws PermanentFailureException {
    return WrittenResult.of(MAPPER, result);
  }

  private static String field(JsonProcessingException e) {
    StringBuilder path = new StringBuilder();
    if (e instanceof JsonMappingException mapping) {
      for (JsonMappingException.Reference step : mapping.getPath()) {
        if (step.getFieldName() == null) {
          path.append('[').append(step.getIndex()).append(']');
        } else {
          path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
        }
      }
    }
    return path.isEmpty() ? "payload" : path.toString();
  }

  private static String problem(JsonProcessingException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown -> "is not a field of this type of job";
      case ValueInstantiationException refused when refused.getCause() != null ->
          String.valueOf(refused.getCause().getMessage());
      case MismatchedInputException mismatch -> "must be " + kind(mismatch.getTargetType());
      case JsonMappingException mapping
          when mapping.getCause() instanceof InputCoercionException outOfRange ->
          "must be " + kind(outOfRange.getTargetType());
      case JsonMappingException mapping -> mapping.getOriginalMessage();
      case JsonProcessingException malformed -> "must be JSON: " + malformed.getOriginalMessage();
    };
  }

  private static String kind(@Nullable Class<?> type) {
    if (type == null) {
      return "of the type that the handler expects";
    }
    return switch (type.getSimpleName()) {
      case "int", "long", "short", "byte", "Integer", "Long", "Short", "Byte", "BigInteger" ->
          "a whole number in range";
      case "double", "float", "Double", "Float", "BigDecimal" -> "a number";
      case "boolean", "Boolean" -> "true or false";
      case "String" -> "a string";
      case "List", "Set", "Collection", "ArrayList" -> "a list";
      default -> type.isRecord() ? "an object" : "a valid " + type.getSimpleName();
    };
  }
}
