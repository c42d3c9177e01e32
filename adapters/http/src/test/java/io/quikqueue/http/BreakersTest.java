package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakersTest {

  @Test
  void remembersTheOriginsUsedLast() {
    HttpConfig config = new HttpConfig();
    config.setMaxBreakers(2);
    Breakers breakers = new Breakers(config);
    var a = breakers.of("a");
    var b = breakers.of("b");
    breakers.of("a");

    breakers.of("c"); // takes the place of b, which was not used for longest

    assertThat(breakers.of("a")).isSameAs(a);
    assertThat(breakers.of("b")).isNotSameAs(b);
  }
}
