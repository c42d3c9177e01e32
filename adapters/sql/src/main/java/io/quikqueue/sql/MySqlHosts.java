package io.quikqueue.sql;

import java.util.Arrays;
import java.util.regex.Pattern;

/** What a {@code jdbc:mysql:} URL says about the way to its servers. */
final class MySqlHosts {

  private static final Pattern SAYS = Pattern.compile("(?i)\\b(sslMode|useSSL|requireSSL)\\s*=");
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])?(:\\d+)?");

  private MySqlHosts() {}

  static boolean saysHowToEncrypt(String url) {
    return SAYS.matcher(url).find();
  }

  /** Whether all hosts are this machine; false where that cannot be told. */
  static boolean areLoopback(String url) {
    String rest = url.substring(url.indexOf("//") + 2);
    String authority = rest.split("[/?#]", 2)[0];
    String hosts = authority.substring(authority.lastIndexOf('@') + 1);
    return Arrays.stream(hosts.split(",", -1)).allMatch(host -> LOOPBACK.matcher(host).matches());
  }
}
