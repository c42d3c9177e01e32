package io.quikqueue.handlers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.port.PayloadCheck;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JSON Schema (2020-12) that payloads are checked with. It stops at the first thing that is
 * wrong, and fetches nothing: {@code $ref} works within the schema only.
 */
public final class PayloadSchema implements PayloadCheck {

  /** The longest schema, in characters. */
  public static final int MAX_LENGTH = 64 << 10;

  private static final Logger log = LoggerFactory.getLogger(PayloadSchema.class);
  private static final String META_SCHEMA = "https://json-schema.org/draft/2020-12/schema";
  private static final Dialect DIALECT =
      Dialect.builder(Dialects.getDraft202012()).keyword(new UniqueItems()).build();

  private static final String SPECIFICATION = "https://json-schema.org/";

  /** What is told of names and values, which may be as long as a payload. */
  private static final int MAX_POINTER = 1_000;

  private static final int MAX_PROBLEM = 500;

  private final Schema schema;

  private PayloadSchema(Schema schema) {
    this.schema = schema;
  }

  /**
   * Reads a schema.
   *
   * @throws IllegalArgumentException when it is too long, no JSON, no schema, or refers to what is
   *     not in it
   */
  public static PayloadSchema of(String json) {
    if (json.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("the schema is longer than " + MAX_LENGTH + " characters");
    }
    try {
      JsonNode tree = PayloadJson.tree(json);
      if (!tree.isObject() && !tree.isBoolean()) {
        throw new IllegalArgumentException("a schema is an object, true or false");
      }
      Schema schema = registry().getSchema(tree);
      schema.initializeValidators(); // finds what $ref means
      return new PayloadSchema(schema);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the schema is no JSON: " + e.getOriginalMessage(), e);
    } catch (SchemaException | StackOverflowError e) {
      throw new IllegalArgumentException("the schema cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a schema that somebody wrote, and checks it against what schemas have to be like.
   *
   * @throws IllegalArgumentException as {@link #of}, and when a keyword has a value it cannot have
   */
  static PayloadSchema written(String json) {
    PayloadSchema schema = of(json);
    SchemaRegistry registry = registry();
    List<Error> errors =
        registry
            .getSchema(com.networknt.schema.SchemaLocation.of(META_SCHEMA))
            .validate(json, InputFormat.JSON);
    if (!errors.isEmpty()) {
      Error first = errors.getFirst();
      throw new IllegalArgumentException(
          "the schema is wrong at " + first.getInstanceLocation() + ": " + first.getMessage());
    }
    return schema;
  }

  @Override
  public void check(String payload) {
    Error first;
    try {
      JsonNode tree = PayloadJson.tree(payload);
      List<Error> errors = BoundedPattern.together(payload.length(), () -> schema.validate(tree));
      if (errors.isEmpty()) {
        return;
      }
      first = errors.getFirst();
    } catch (JsonProcessingException e) {
      throw new InvalidPayloadException("", "cannot be read: " + e.getOriginalMessage());
    } catch (BoundedPattern.TooManyStepsException e) {
      throw new InvalidPayloadException("", String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError e) {
      log.warn("event=schema_not_applied payload=accepted cause={}", e.toString());
      return; // the handler has the last word
    }
    throw new InvalidPayloadException(
        nearest(first.getInstanceLocation().toString()), beginning(first.getMessage()));
  }

  /** The pointer, or when it is too long that of the closest value around that has a short one. */
  private static String nearest(String pointer) {
    return pointer.length() <= MAX_POINTER
        ? pointer
        : pointer.substring(0, pointer.lastIndexOf('/', MAX_POINTER));
  }

  private static String beginning(String problem) {
    if (problem.length() <= MAX_PROBLEM) {
      return problem;
    }
    boolean half = Character.isHighSurrogate(problem.charAt(MAX_PROBLEM - 1));
    return problem.substring(0, half ? MAX_PROBLEM - 1 : MAX_PROBLEM) + "…";
  }

  /** One each, so that schemas with the same {@code $id} do not meet. */
  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(
        DIALECT,
        builder ->
            builder
                .schemaLoader(
                    loader -> loader.allow(iri -> iri.toString().startsWith(SPECIFICATION)))
                .schemaRegistryConfig(
                    SchemaRegistryConfig.builder()
                        .failFast(true)
                        .locale(Locale.ENGLISH)
                        .regularExpressionFactory(BoundedPattern::new)
                        .build()));
  }
}
