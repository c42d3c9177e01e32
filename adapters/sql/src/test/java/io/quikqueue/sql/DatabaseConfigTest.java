package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:mysql://root:s3cret@127.0.0.1:3306             | must name a database",
        "jdbc:mysql://127.0.0.1:3306/                        | must name a database",
        "jdbc:mysql://127.0.0.1:3306/?user=s3cret            | must name a database",
        "jdbc:mysql://root:s3cret@127.0.0.1:xyz/q            | must be like jdbc:mysql://127.0.0.1:3306/",
        "jdbc:mysql://127.0.0.1:70000/q                      | must have ports from 1 to 65535",
        "jdbc:mysql://a:3306,b:0/q                           | must have ports from 1 to 65535",
        "jdbc:postgresql://s3cret/q                          | must be a jdbc:mysql: URL",
        "s3cret                                              | must be a jdbc:mysql: URL",
      })
  void saysWhatIsWrongWithAUrlAndNothingOfIt(String url, String problem) {
    assertThatThrownBy(() -> new DatabaseConfig().setUrl(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(problem)
        .message()
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://127.0.0.1:3306/quikqueue",
        "jdbc:mysql://db.example/q?sslMode=REQUIRED",
        "jdbc:mysql://u:p@a:1,u:p@b:2/q",
        "jdbc:mysql://address=(host=a)(port=7)/q",
        "jdbc:sqlite:/tmp/any name"
      })
  void takesUrls(String url) {
    DatabaseConfig config = new DatabaseConfig();

    config.setUrl(url);

    assertThat(config.url()).isEqualTo(url);
  }
}
