package io.quikqueue.runtime;

import io.dropwizard.core.setup.Environment;
import io.quikqueue.metrics.PrometheusMeter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * What the admin port serves besides Dropwizard's own {@code /healthcheck}, which says whether the
 * process is ready: {@code /live} and {@code /metrics}.
 */
public final class Admin {

  private Admin() {}

  /** Adds the servlets. */
  public static void serve(Environment environment, PrometheusMeter meter) {
    environment.admin().addServlet("metrics-prometheus", meter.servlet()).addMapping("/metrics");
    environment.admin().addServlet("live", new Live()).addMapping("/live");
  }

  /** Answers as long as the process can answer at all. */
  private static final class Live extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/plain;charset=utf-8");
      response.getWriter().println("live");
    }
  }
}
