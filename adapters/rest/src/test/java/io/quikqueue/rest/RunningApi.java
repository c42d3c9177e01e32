package io.quikqueue.rest;

import io.dropwizard.core.Configuration;
import io.dropwizard.testing.DropwizardTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of connections have in common: an API that is served, and connections to it. */
abstract class RunningApi {

  final DropwizardTestSupport<Configuration> app;
  Http http;
  ApiUnderTest api;
  Sockets sockets;

  RunningApi(Class<? extends ApiUnderTest> served) {
    app = new DropwizardTestSupport<>(served, ApiUnderTest.configuration());
  }

  @BeforeEach
  void start() throws Exception {
    app.before();
    http = new Http(app.getLocalPort());
    api = app.getApplication();
    sockets = new Sockets(app.getLocalPort());
  }

  @AfterEach
  void stop() {
    sockets.close();
    app.after();
  }
}
