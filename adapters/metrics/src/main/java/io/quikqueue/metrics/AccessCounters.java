package io.quikqueue.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Counts whom the API did not let in. */
final class AccessCounters {

  private final Counter refused;
  private final Counter loginsFailed;

  AccessCounters(PrometheusRegistry registry) {
    this.refused =
        byReason(
            registry,
            "quikqueue_access_refused",
            "Requests that were refused to their callers, by reason.");
    this.loginsFailed =
        byReason(
            registry,
            "quikqueue_logins_failed",
            "Attempts to sign in, or to go on with a refresh token, that failed, by reason.");
  }

  private static Counter byReason(PrometheusRegistry registry, String name, String help) {
    return Counter.builder().name(name).help(help).labelNames("reason").register(registry);
  }

  void refused(String reason) {
    refused.labelValues(reason).inc();
  }

  void loginFailed(String reason) {
    loginsFailed.labelValues(reason).inc();
  }
}
