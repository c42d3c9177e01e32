package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The description of the API as a person sees it, in a real browser. */
@ExtendWith(SharedSystems.class)
final class DocsTest {

  private final Standalone up;

  DocsTest(Standalone up) {
    this.up = up;
  }

  @BeforeEach
  void aBrowser() {
    assumeTrue(Files.isExecutable(Browser.PROGRAM), "no " + Browser.PROGRAM + " on this machine");
  }

  @Test
  void showsEveryOperation() {
    Browser.Page page = Browser.open(up.address() + "/docs");

    JsonNode api = up.http().get("/openapi.json").json();
    assertThat(page.dom()).contains(api.at("/info/title").textValue());
    assertThat(api.path("paths")).hasSizeGreaterThan(9);
    api.path("paths")
        .fieldNames()
        .forEachRemaining(path -> assertThat(page.dom()).contains("data-path=\"" + path + "\""));
    assertThat(page.console()).isEmpty();
  }
}
