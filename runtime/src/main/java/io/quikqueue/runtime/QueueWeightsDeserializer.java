package io.quikqueue.runtime;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.QueueTurn;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads names of queues with their weights, or a list of names, which weigh 1 each. */
final class QueueWeightsDeserializer extends JsonDeserializer<Map<String, Integer>> {

  @Override
  public Map<String, Integer> deserialize(JsonParser parser, DeserializationContext to)
      throws IOException {
    TypeFactory types = to.getTypeFactory();
    Map<String, Integer> weights = new LinkedHashMap<>();
    if (parser.isExpectedStartArrayToken()) {
      List<String> names =
          to.readValue(parser, types.constructCollectionType(List.class, String.class));
      for (String name : names) {
        put(parser, weights, name, 1);
      }
    } else {
      Map<String, @Nullable Integer> given =
          to.readValue(
              parser, types.constructMapType(LinkedHashMap.class, String.class, Integer.class));
      for (Map.Entry<String, @Nullable Integer> each : given.entrySet()) {
        Integer weight = each.getValue();
        put(parser, weights, each.getKey(), weight == null ? 1 : weight);
      }
    }
    return weights;
  }

  private static void put(
      JsonParser parser, Map<String, Integer> weights, @Nullable String name, int weight)
      throws JsonMappingException {
    String queue = String.valueOf(name);
    try {
      JobSpec.requireQueue(queue);
      weights.put(queue, new QueueTurn(queue, weight).weight());
    } catch (InvalidFieldException e) {
      throw refused(parser, queue, '"' + queue + "\" " + e.problem());
    } catch (IllegalArgumentException e) {
      throw refused(parser, queue, String.valueOf(e.getMessage()));
    }
  }

  private static JsonMappingException refused(JsonParser parser, String queue, String reason) {
    return JsonMappingException.from(parser, queue, new IllegalArgumentException(reason));
  }
}
