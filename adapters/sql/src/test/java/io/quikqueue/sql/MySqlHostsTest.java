package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MySqlHostsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:3306/quikqueue",
        "localhost/q?a=b",
        "127.1.2.3",
        "[::1]:3306/q",
        "LocalHost:1,127.0.0.1:2/q",
        "db.example/q?sslMode=DISABLED",
        "db.example/q?a=b&SSLMODE=PREFERRED",
        "db.example/q?useSSL=false"
      })
  void leavesItToTheDriverOnThisMachineAndWhereTheUrlSays(String hosts) {
    assertThat(properties(hosts)).doesNotContainKey("sslMode");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db.example:3306/q",
        "10.0.0.5",
        "127.0.0.1,db.example/q",
        "127.0.0.1.example/q",
        "localhost.example/q",
        "db.example/127.0.0.1",
        "db.example/q?a=@127.0.0.1",
        "address=(host=127.0.0.1)/q"
      })
  void encryptsOverANetwork(String hosts) {
    assertThat(properties(hosts)).containsEntry("sslMode", "REQUIRED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:mysql://127.0.0.1:3306/quikqueue                | 127.0.0.1:3306",
        "jdbc:mysql://db.example/q?user=root&password=s3cret  | db.example:3306",
        "jdbc:mysql://root:s3cret@db.example:33/q             | db.example:33",
        "jdbc:mysql://root:s3cret@a:1,root:s3cret@b:2/q       | a:1,b:2",
        "jdbc:mysql://address=(host=a)(port=7)(password=s3cret)/q | a:7",
        "jdbc:mysql://(host=a,port=7,user=root,password=s3cret)/q | a:7",
        "jdbc:mysql://root:s3c@ret@db.example:x/q             | (a URL that the driver cannot read)",
      })
  void showsHostsAndPortsAndNothingElse(String url, String shown) {
    assertThat(DatabaseConfig.of(url, "u", "p").servers()).isEqualTo(shown);
  }

  private static java.util.Map<String, String> properties(String hosts) {
    return DatabaseConfig.of("jdbc:mysql://" + hosts, "u", "p").dataSourceFactory().getProperties();
  }
}
