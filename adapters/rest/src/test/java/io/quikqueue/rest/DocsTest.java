package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.rest.Http.Answer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DocsTest extends ApiTest {

  @Test
  void servesSwaggerUiFromHere() {
    Answer page = http.get("/docs", "accept", "text/html");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("content-type")).isEqualToIgnoringCase("text/html;charset=utf-8");
    assertThat(page.header("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self';", "connect-src 'self'");
    assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
    Matcher links = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page.text());
    int found = 0;
    while (links.find()) {
      assertThat(links.group(1)).startsWith("/");
      assertThat(http.get(links.group(1)).status()).as(links.group(1)).isEqualTo(200);
      found++;
    }
    assertThat(found).isEqualTo(5);
    assertThat(http.get("/docs/init.js").text()).contains("url: \"/openapi.json\"");
    assertThat(http.get("/docs/swagger-ui-bundle.js").response().body())
        .hasSizeGreaterThan(1_000_000);
    assertProblem(http.get("/docs/swagger-ui.js"), 404, "not-found");
  }

  @Test
  void saysWhatIsServed() {
    assertThat(http.get("/").string("docs")).isEqualTo("/docs");
    assertThat(http.get("/openapi.json").header("content-type")).isEqualTo("application/json");
  }
}
