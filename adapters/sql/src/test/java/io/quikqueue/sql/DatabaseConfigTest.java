package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseConfigTest {

  @ParameterizedTest
  @CsvSource({
    "'jdbc:sqlite:/a \"b\"\n#c/quikqueue.db', true",
    "'jdbc:sqlite:\r\u2028x', true",
    "'jdbc:mysql://h/d', true",
    "'jdbc:sqlite:', false",
    "'x\njdbc:sqlite:y', false"
  })
  void aFileMayHaveAnyName(String url, boolean taken) {
    try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
      assertThat(factory.getValidator().validate(DatabaseConfig.of(url, null, null)).isEmpty())
          .isEqualTo(taken);
    }
  }
}
