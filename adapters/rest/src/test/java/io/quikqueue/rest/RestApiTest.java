package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.DropwizardResourceConfig;
import io.dropwizard.util.DataSize;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.JobSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestApiTest {

  private final Environment environment = new Environment("test");
  private final DropwizardResourceConfig resources = environment.jersey().getResourceConfig();

  @Test
  void servesEchoUnlessSwitchedOff() {
    RestConfig config = new RestConfig();
    config.setEcho(false);
    register(config);
    assertThat(resources.getClasses())
        .contains(RootResource.class)
        .doesNotContain(EchoResource.class);

    config.setEcho(true);
    register(config);
    assertThat(resources.getClasses()).contains(EchoResource.class);
  }

  private void register(RestConfig config) {
    ServedHosts hosts = new ServedHosts(List.of());
    new RestApi(new ApiUnderTest().useCases(), config, new SubmitConfig(), hosts)
        .register(environment);
  }

  @Test
  void holdsOnlySoMuchInMemory() {
    RestConfig config = new RestConfig();
    config.setMaxBatch(DataSize.mebibytes(1));
    config.setMaxBuffered(DataSize.mebibytes(2));
    RequestBodies bodies = new RequestBodies(config);
    RequestBodies.Share first = bodies.share("a");
    first.take(1 << 20);
    try (RequestBodies.Share second = bodies.share("a")) {
      assertThatThrownBy(() -> second.take(1)).isInstanceOf(OverloadedException.class);
    }
    try (RequestBodies.Share other = bodies.share("b")) {
      other.take(1 << 20);
    }

    first.close();

    try (RequestBodies.Share third = bodies.share("a")) {
      third.take(1 << 20);
      assertThatThrownBy(() -> third.take(1)).isInstanceOf(OverloadedException.class);
    }
  }

  @Test
  void makesOtherPayloadsForOtherTypes() {
    SubmitConfig submit = new SubmitConfig();
    submit.setType("echo");

    String payload = SubmittedText.payload(submit, "\"a\\u0062\"");

    assertThat(payload).isEqualTo("{\"text\":\"a\\u0062\"}");
    assertThat(SubmittedText.of(JobSpec.of("echo", payload))).isEqualTo("\"a\\u0062\"");
    for (String other :
        new String[] {
          "{}", "[]", "{\"text\":1}", "{\"text\":\"a\",\"b\":1}", "{\"x\":\"a\"}", "1"
        }) {
      assertThat(SubmittedText.of(JobSpec.of("echo", other))).isNull();
      assertThat(SubmittedText.of(JobSpec.of("http", other))).isNull();
    }
  }
}
