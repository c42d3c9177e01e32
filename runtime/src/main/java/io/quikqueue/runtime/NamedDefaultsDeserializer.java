package io.quikqueue.runtime;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads names with what their jobs have by default, which may be nothing, or a list of names. */
abstract class NamedDefaultsDeserializer extends JsonDeserializer<Map<String, JobDefaultsConfig>> {

  private final Consumer<String> check;

  private NamedDefaultsDeserializer(Consumer<String> check) {
    this.check = check;
  }

  static final class OfTypes extends NamedDefaultsDeserializer {
    OfTypes() {
      super(JobSpec::requireType);
    }
  }

  static final class OfQueues extends NamedDefaultsDeserializer {
    OfQueues() {
      super(JobSpec::requireQueue);
    }
  }

  @Override
  public Map<String, JobDefaultsConfig> deserialize(JsonParser parser, DeserializationContext to)
      throws IOException {
    TypeFactory types = to.getTypeFactory();
    Map<String, JobDefaultsConfig> named = new LinkedHashMap<>();
    if (parser.isExpectedStartArrayToken()) {
      List<String> names =
          to.readValue(parser, types.constructCollectionType(List.class, String.class));
      for (String name : names) {
        put(parser, named, name, null);
      }
    } else {
      Map<String, @Nullable JobDefaultsConfig> given =
          to.readValue(
              parser,
              types.constructMapType(LinkedHashMap.class, String.class, JobDefaultsConfig.class));
      for (Map.Entry<String, @Nullable JobDefaultsConfig> each : given.entrySet()) {
        put(parser, named, each.getKey(), each.getValue());
      }
    }
    return named;
  }

  private void put(
      JsonParser parser,
      Map<String, JobDefaultsConfig> named,
      String name,
      @Nullable JobDefaultsConfig defaults)
      throws JsonMappingException {
    try {
      check.accept(name);
    } catch (InvalidFieldException e) {
      throw JsonMappingException.from(
          parser, name, new IllegalArgumentException("\"" + name + "\" " + e.problem(), e));
    }
    named.put(name, defaults == null ? new JobDefaultsConfig() : defaults);
  }
}
