package io.quikqueue.sql;

import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.exceptions.CJException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a {@code jdbc:mysql:} URL says about the way to its servers. */
final class MySqlHosts {

  private static final Pattern SAYS = Pattern.compile("(?i)\\b(sslMode|useSSL|requireSSL)\\s*=");
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])?(:\\d+)?");

  private MySqlHosts() {}

  static boolean saysHowToEncrypt(String url) {
    return SAYS.matcher(url).find();
  }

  /**
   * The hosts and ports as the driver reads them, separated by commas. Nothing else of the URL is
   * shown: it may hold passwords in several places.
   */
  static String servers(String url) {
    try {
      return ConnectionUrl.getConnectionUrlInstance(url, new Properties()).getHostsList().stream()
          .map(host -> host.getHost() + ":" + host.getPort())
          .collect(Collectors.joining(","));
    } catch (CJException e) {
      return "(a URL that the driver cannot read)";
    }
  }

  /** What is wrong with a URL, in words that hold nothing of it; empty = nothing. */
  static Optional<String> problem(String url) {
    ConnectionUrl read;
    try {
      read = ConnectionUrl.getConnectionUrlInstance(url, new Properties());
      if (read.getHostsList().stream().anyMatch(host -> !isPort(host.getPort()))) {
        return Optional.of("must have ports from 1 to 65535");
      }
    } catch (CJException e) {
      return Optional.of(
          "must be like jdbc:mysql://127.0.0.1:3306/quikqueue, with ports that are numbers");
    }
    String database = read.getDatabase();
    return database == null || database.isBlank()
        ? Optional.of(
            "must name a database behind the host, as jdbc:mysql://127.0.0.1:3306/quikqueue does")
        : Optional.empty();
  }

  private static boolean isPort(int port) {
    return port >= 1 && port <= 65_535;
  }

  /** Whether all hosts are this machine; false where that cannot be told. */
  static boolean areLoopback(String url) {
    String rest = url.substring(url.indexOf("//") + 2);
    String authority = rest.split("[/?#]", 2)[0];
    String hosts = authority.substring(authority.lastIndexOf('@') + 1);
    return Arrays.stream(hosts.split(",", -1)).allMatch(host -> LOOPBACK.matcher(host).matches());
  }
}
