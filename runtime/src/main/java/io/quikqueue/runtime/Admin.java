package io.quikqueue.runtime;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.core.setup.Environment;
import io.quikqueue.metrics.PrometheusMeter;
import io.quikqueue.rest.RequestGuard;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the admin port serves: Dropwizard's own {@code /healthcheck}, which asks every dependency,
 * {@code /live}, {@code /ready}, which asks only those without which the process is of no use, and
 * {@code /metrics}. Nothing else of Dropwizard's is served: its tasks change log levels, its dumps
 * show what the process works on.
 */
public final class Admin {

  private static final String API = "http";
  private static final Set<String> PATHS = Set.of("/healthcheck", "/live", "/ready", "/metrics");
  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  private Admin() {}

  /**
   * Adds the servlets, guards the ports of the process, and caps its loggers.
   *
   * @param needed the names of the health checks that decide whether the process is ready
   */
  public static void serve(
      ProcessConfiguration config,
      Environment environment,
      PrometheusMeter meter,
      String... needed) {
    RequestGuard.install(environment.servlets(), config.servedHosts());
    serveAdmin(config, environment, meter, needed);
  }

  private static void serveAdmin(
      ProcessConfiguration config,
      Environment environment,
      PrometheusMeter meter,
      String... needed) {
    LogCaps.install();
    environment
        .admin()
        .addFilter("admin-paths", Admin::filter)
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    RequestGuard.install(environment.admin(), config.servedHosts());
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
   * Adds the servlets for a process with the API, which has to answer as well: the health check
   * {@code http}. The API has a guard of its own.
   */
  public static void serveWithApi(
      ProcessConfiguration config,
      Environment environment,
      PrometheusMeter meter,
      String... needed) {
    OwnPort.check(environment, API);
    serveAdmin(
        config,
        environment,
        meter,
        Stream.concat(Stream.of(API), Arrays.stream(needed)).toArray(String[]::new));
  }

  private static void filter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest in)
        || !(response instanceof HttpServletResponse out)) {
      throw new ServletException("only HTTP is served here");
    }
    String inside = in.getPathInfo() == null ? "" : in.getPathInfo();
    if (!PATHS.contains(in.getServletPath() + inside)) {
      out.sendError(HttpServletResponse.SC_NOT_FOUND);
    } else if (!METHODS.contains(in.getMethod())) {
      out.setHeader("Allow", "GET, HEAD");
      out.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    } else {
      chain.doFilter(request, response);
    }
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
