package io.quikqueue.rest;

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
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a browser sends here for a page of another site: requests for a host that is not
 * served (421), and requests that change something and come from elsewhere (403). It stands in the
 * {@link FrontDoor}, and before everything on the admin port. Programs send neither {@code
 * Sec-Fetch-Site} nor {@code Origin} and pass.
 */
public final class RequestGuard implements Filter {

  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private final ServedHosts hosts;

  RequestGuard(ServedHosts hosts) {
    this.hosts = hosts;
  }

  /** Puts a guard before all that is served on a port which has no {@link FrontDoor}. */
  public static void install(ServletEnvironment servlets, ServedHosts hosts) {
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
    Problem refusal = refusal(in);
    if (refusal == null) {
      chain.doFilter(in, out);
    } else {
      Responses.send(refuse(in, refusal), out);
    }
  }

  /** What is wrong with where the request comes from or goes to; null = nothing. */
  @Nullable Problem refusal(HttpServletRequest request) {
    if (!hosts.serves(request.getServerName(), request.getLocalAddr())) {
      return Problems.unknownHost();
    }
    return !SAFE_METHODS.contains(request.getMethod()) && isFromElsewhere(request)
        ? Problems.crossSite()
        : null;
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

  /** The answer to a request that is not let in; reads what is left of its body. */
  static Response refuse(HttpServletRequest request, Problem refusal) throws IOException {
    return refuse(request, refusal.response());
  }

  /** The same with this answer. */
  static Response refuse(HttpServletRequest request, Response answer) throws IOException {
    DrainBody.drain(request, answer);
    return answer;
  }
}
