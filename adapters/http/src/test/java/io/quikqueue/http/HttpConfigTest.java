package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {

  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  void readsItsFields() throws Exception {
    HttpConfig config =
        mapper.readValue(
            """
            {"allow": ["127.0.0.1:8000", "10.0.0.0/8"], "connectTimeout": "1s", "maxResponse": "2MiB",
             "breakerFailures": 3}""",
            HttpConfig.class);

    assertThat(config.getAllow()).containsExactly("127.0.0.1:8000", "10.0.0.0/8");
    assertThat(config.getConnectTimeout()).isEqualTo(Duration.seconds(1));
    assertThat(config.getMaxResponse()).isEqualTo(DataSize.mebibytes(2));
    assertThat(config.getBreakerFailures()).isEqualTo(3);
    assertThat(config.getTimeout()).isEqualTo(Duration.seconds(30));
  }

  @Test
  void namesTheEntryItCannotRead() {
    assertThatExceptionOfType(JsonMappingException.class)
        .isThrownBy(() -> mapper.readValue("{\"allow\": [\"localhost\"]}", HttpConfig.class))
        .withMessageContaining("'localhost' is neither host:port nor a CIDR block");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://u:s3cret@127.0.0.1:80/x", "s3cret@host:80", "u:s3cret@10.0.0.0/8"})
  void showsNoPasswordOfAnEntry(String entry) {
    assertThatExceptionOfType(JsonMappingException.class)
        .isThrownBy(
            () -> mapper.readValue("{\"allow\": [\"%s\"]}".formatted(entry), HttpConfig.class))
        .withMessageContaining("must have no user name and no password")
        .withMessageNotContaining("s3cret");
  }

  @Test
  void refusesWhatHasNoBounds() throws Exception {
    HttpConfig config =
        mapper.readValue(
            "{\"maxResponse\": \"1GiB\", \"maxConnections\": 0, \"timeout\": \"0s\"}",
            HttpConfig.class);

    try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
      Validator validator = factory.getValidator();
      assertThat(validator.validate(new HttpConfig())).isEmpty();
      assertThat(validator.validate(config))
          .extracting(violation -> violation.getPropertyPath().toString())
          .containsExactlyInAnyOrder("maxResponse", "maxConnections", "timeout");
    }
  }
}
