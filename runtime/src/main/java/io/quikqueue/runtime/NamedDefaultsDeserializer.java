package io.quikqueue.runtime;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads names with what their jobs have by default, which may be nothing, or a list of names. */
abstract class NamedDefaultsDeserializer extends JsonDeserializer<Map<String, JobDefaultsConfig>> {

  private final LimitKey.Kind kind;

  private NamedDefaultsDeserializer(LimitKey.Kind kind) {
    this.kind = kind;
  }

  static final class OfTypes extends NamedDefaultsDeserializer {
    OfTypes() {
      super(LimitKey.Kind.TYPE);
    }
  }

  static final class OfQueues extends NamedDefaultsDeserializer {
    OfQueues() {
      super(LimitKey.Kind.QUEUE);
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
      Limits limits = defaults == null ? null : defaults.limits();
      new LimitKey(kind, name).requireFit(limits == null ? Limits.NONE : limits);
      if (kind == LimitKey.Kind.QUEUE && defaults != null && defaults.hasSecrets()) {
        throw new InvalidFieldException("secret", "is of types of job, not of queues");
      }
    } catch (InvalidFieldException e) {
      throw JsonMappingException.from(
          parser, name, new IllegalArgumentException(problem(name, e), e));
    }
    named.put(name, defaults == null ? new JobDefaultsConfig() : defaults);
  }

  private String problem(String name, InvalidFieldException e) {
    if (e.field().equals("secret")) {
      return "secret of \"" + name + "\": " + e.problem();
    }
    return e.field().equals(kind.label())
        ? "\"" + name + "\" " + e.problem()
        : "limits of \"" + name + "\": " + SettingNames.of(e.field()) + " " + e.problem();
  }
}
