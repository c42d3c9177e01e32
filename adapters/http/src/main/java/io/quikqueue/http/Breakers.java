package io.quikqueue.http;

import dev.failsafe.CircuitBreaker;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A circuit breaker for each origin (scheme, host, port) called lately. A circuit opens when an
 * origin did not serve a number of calls in a row: no connection, no answer in time, or a 502, 503
 * or 504. Other statuses are the business of one job and say nothing about the next.
 */
final class Breakers {

  private static final Logger log = LoggerFactory.getLogger(Breakers.class);
  private static final Set<Integer> NOT_SERVED = Set.of(502, 503, 504);

  private final HttpConfig config;
  private final Map<String, CircuitBreaker<HttpAnswer>> byOrigin =
      new LinkedHashMap<>(16, 0.75f, true);

  Breakers(HttpConfig config) {
    this.config = config;
  }

  synchronized CircuitBreaker<HttpAnswer> of(String origin) {
    CircuitBreaker<HttpAnswer> breaker = byOrigin.computeIfAbsent(origin, this::breaker);
    if (byOrigin.size() > config.getMaxBreakers()) {
      byOrigin.remove(byOrigin.keySet().iterator().next());
    }
    return breaker;
  }

  private CircuitBreaker<HttpAnswer> breaker(String origin) {
    return CircuitBreaker.<HttpAnswer>builder()
        .handle(IOException.class)
        .handleResultIf(answer -> answer != null && NOT_SERVED.contains(answer.status()))
        .withFailureThreshold(config.getBreakerFailures())
        .withSuccessThreshold(1)
        .withDelay(config.getBreakerDelay().toJavaDuration())
        .onOpen(event -> log.warn("event=http_circuit_opened origin={}", origin))
        .onClose(event -> log.info("event=http_circuit_closed origin={}", origin))
        .build();
  }
}
