package io.quikqueue.rest;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.setup.ServletEnvironment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a browser sends here for a page of another site: requests for a host that is not
 * served (421), and requests that change something and come from elsewhere (403). It stands before
 * everything that serves requests, on both ports. Programs send neither {@code Sec-Fetch-Site} nor
 * {@code Origin} and pass.
 */
public final class RequestGuard implements Filter {

  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private final ServedHosts hosts;

  RequestGuard(ServedHosts hosts) {
    this.hosts = hosts;
  }

  /** Puts a guard before all that the service has on its application port and its admin port. */
  public static void install(Environment environment, ServedHosts hosts) {
    install(environment.servlets(), hosts);
    install(environment.admin(), hosts);
  }

  private static void install(ServletEnvironment servlets, ServedHosts hosts) {
    FilterRegistration.Dynamic filter =
        servlets.addFilter("request-guard", new RequestGuard(hosts));
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest in)
        || !(response instanceof HttpServletResponse out)) {
      throw new ServletException("only HTTP is served here");
    }
    if (!hosts.serves(in.getServerName(), in.getLocalAddr())) {
      refuse(in, out, Problems.unknownHost());
    } else if (!SAFE_METHODS.contains(in.getMethod()) && isFromElsewhere(in)) {
      refuse(in, out, Problems.crossSite());
    } else {
      chain.doFilter(in, out);
    }
  }

  /** By what the browser says of the page, or where it is too old for that, by the Origin. */
  private boolean isFromElsewhere(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return !OWN_SITES.contains(site);
    }
    String origin = request.getHeader("Origin");
    return origin != null && !isOwn(origin, request.getHeader("Host"));
  }

  /** The host that the request is for, port included, or one that is listed, at any port. */
  private boolean isOwn(String origin, @Nullable String host) {
    int scheme = origin.indexOf("://");
    if (scheme < 0) {
      return false;
    }
    String authority = origin.substring(scheme + 3);
    int port = authority.lastIndexOf(':');
    boolean hasPort = port > authority.lastIndexOf(']');
    return authority.equalsIgnoreCase(host)
        || hosts.names(hasPort ? authority.substring(0, port) : authority);
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    if (!DrainBody.drained(
        request.getInputStream(), request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
      response.setHeader(DrainBody.CONNECTION, DrainBody.CLOSE);
    }
    byte[] body = problem.bytes();
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
