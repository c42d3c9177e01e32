package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.DropwizardTestSupport;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Nothing of the API answers beside the front door. It is tried with a request that the door lets
 * in nowhere, one for a host that is not served.
 */
class FrontDoorTest extends ApiTest {

  private static final String REFUSED = "HTTP/1.1 421 ";

  /** Has a filter before the door, as the routes without Jersey were once served by. */
  public static final class WithAnotherDoor extends ApiUnderTest {
    @Override
    public void run(Configuration configuration, Environment environment) {
      super.run(configuration, environment);
      environment
          .servlets()
          .addFilter(
              "another-door",
              (request, response, chain) -> {
                if (response instanceof HttpServletResponse out) {
                  out.setStatus(202);
                }
              })
          .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/results/*");
    }
  }

  /** Has a route that nobody has described, and so nobody would try. */
  public static final class WithAHiddenRoute extends ApiUnderTest {
    @Override
    public void run(Configuration configuration, Environment environment) {
      super.run(configuration, environment);
      environment.jersey().register(new Hidden());
    }
  }

  @Path("/v1/hidden")
  public static final class Hidden {
    @GET
    public String hidden() {
      return "{}";
    }
  }

  @Test
  void everyRouteIsBehindIt() {
    assertThat(beside(http)).isEmpty();
  }

  @Test
  void anotherDoorIsFound() throws Exception {
    DropwizardTestSupport<Configuration> other =
        new DropwizardTestSupport<>(WithAnotherDoor.class, ApiUnderTest.configuration());
    try {
      other.before();
      assertThat(beside(new Http(other.getLocalPort()))).containsExactly("get /results/{id}");
    } finally {
      other.after();
    }
  }

  @Test
  void aRouteThatIsNotDescribedIsFound() throws Exception {
    DropwizardTestSupport<Configuration> other =
        new DropwizardTestSupport<>(WithAHiddenRoute.class, ApiUnderTest.configuration());
    try {
      other.before();
      JsonNode document = new Http(other.getLocalPort()).get("/openapi.json").json();
      assertThat(ServedRoutes.ofJersey(other.getEnvironment())).contains("get /v1/hidden");
      assertThat(ServedRoutes.described(document)).doesNotContain("get /v1/hidden");
    } finally {
      other.after();
    }
  }

  @Test
  void whatIsServedByNobodyIsBehindItToo() {
    assertThat(answer(http, "GET", "/nothing")).startsWith(REFUSED);
    assertThat(answer(http, "OPTIONS", "/submit")).startsWith(REFUSED);
    assertThat(answer(http, "PUT", "/v1/queues")).startsWith(REFUSED);
  }

  /** The operations of the document that are answered in another way than the door's. */
  private static Set<String> beside(Http http) {
    Set<String> described = ServedRoutes.described(http.get("/openapi.json").json());
    assertThat(described).hasSizeGreaterThan(15);
    Set<String> beside = new TreeSet<>();
    for (String operation : described) {
      String[] words = operation.split(" ");
      String path = path(words[1]);
      if (!answer(http, words[0].toUpperCase(Locale.ROOT), path).startsWith(REFUSED)) {
        beside.add(operation);
      }
    }
    return beside;
  }

  /** A path of the document with something in the place of each parameter. */
  static String path(String described) {
    return described
        .replace("{id}", UNKNOWN_ID)
        .replace("{name}", "approve")
        .replace("{queue}", "default")
        .replace("{type}", "echo")
        .replace("{group}", "0".repeat(32))
        .replace("{operation}", UNKNOWN_ID)
        .replace("{schedule}", "nightly")
        .replace("{key}", "0".repeat(16))
        .replace("{user}", "0".repeat(16))
        .replace("{version}/{folder}/{file}", DashboardFiles.get().version() + "/shell/main.js")
        .replace("{file}", "init.js");
  }

  private static String answer(Http http, String method, String path) {
    return RawSocket.exchange(
        http.port(),
        method + " " + path + " HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n");
  }
}
