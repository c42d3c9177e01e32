package io.quikqueue.rest;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An application that keeps Dropwizard's own exception mappers gets problem documents too. */
@ExtendWith(DropwizardExtensionsSupport.class)
class DefaultMappersTest {

  private static final DropwizardAppExtension<Configuration> APP =
      new DropwizardAppExtension<>(ApiUnderTest.class, configuration());

  private static Configuration configuration() {
    Configuration configuration = ApiUnderTest.configuration();
    ((DefaultServerFactory) configuration.getServerFactory())
        .setRegisterDefaultExceptionMappers(true);
    return configuration;
  }

  @Test
  void theMappersOfTheApiComeFirst() {
    Http http = new Http(APP.getLocalPort());
    ApiUnderTest api = APP.getApplication();

    ApiTest.assertProblem(http.get("/nothing"), 404, "not-found");
    ApiTest.assertProblem(http.post("/v1/jobs", "{"), 400, "malformed-json");
    for (RuntimeException bug :
        new RuntimeException[] {new IllegalStateException("x"), new ArithmeticException("x")}) {
      api.store.before(
          () -> {
            throw bug;
          });
      ApiTest.assertProblem(http.get("/v1/jobs"), 500, "internal-error");
    }
  }
}
