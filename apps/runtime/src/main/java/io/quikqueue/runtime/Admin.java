package io.quikqueue.runtime;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.core.setup.Environment;
import io.quikqueue.metrics.PrometheusMeter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the admin port serves besides Dropwizard's own {@code /healthcheck}, which asks every
 * dependency: {@code /live}, {@code /ready}, which asks only those without which the process is of
 * no use, and {@code /metrics}.
 */
public final class Admin {

  private static final String API = "http";

  private Admin() {}

  /**
   * Adds the servlets.
   *
   * @param needed the names of the health checks that decide whether the process is ready
   */
  public static void serve(Environment environment, PrometheusMeter meter, String... needed) {
    HealthCheckRegistry checks = environment.healthChecks();
    environment.admin().addServlet("prometheus", meter.servlet()).addMapping("/metrics");
    environment.admin().addServlet("live", new Probe(List::of)).addMapping("/live");
    environment
        .admin()
        .addServlet(
            "ready",
            new Probe(
                () ->
                    Arrays.stream(needed)
                        .filter(name -> !checks.runHealthCheck(name).isHealthy())
                        .toList()))
        .addMapping("/ready");
  }

  /**
   * Adds the servlets for a process with a port for applications, which has to answer as well: the
   * health check {@code http}.
   */
  public static void serveWithApi(
      Environment environment, PrometheusMeter meter, String... needed) {
    OwnPort.check(environment, API);
    serve(
        environment,
        meter,
        Stream.concat(Stream.of(API), Arrays.stream(needed)).toArray(String[]::new));
  }

  /** Answers 200 when nothing is wrong, else 503 with the names of what is. */
  private static final class Probe extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Supplier<List<String>> wrong;

    private Probe(Supplier<List<String>> wrong) {
      this.wrong = wrong;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      List<String> names = wrong.get();
      response.setStatus(names.isEmpty() ? 200 : 503);
      response.setContentType("text/plain;charset=utf-8");
      response.getWriter().println(names.isEmpty() ? "ok" : "unhealthy: " + names);
    }
  }
}
