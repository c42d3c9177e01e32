package io.quikqueue.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of the dashboard, in memory. Their addresses have a version made of what is in them, so
 * that a browser may keep them for good and never mixes those of two versions.
 */
final class DashboardFiles {

  /** Where the page has what depends on the version. */
  private static final String VERSION = "${version}";

  private static final String PRELOADS = "${preloads}";

  private static final String WEB_JAR = "/META-INF/resources/webjars/preact/";

  /** By folder and name, such as {@code jobs/Jobs.js}. */
  private final Map<String, byte[]> files = new TreeMap<>();

  private final String version;
  private final byte[] page;

  private DashboardFiles() {
    for (String name : text("ui/files.txt").lines().toList()) {
      files.put(name, bytes("ui/" + name));
    }
    String preact = WEB_JAR + preactVersion();
    files.put("lib/preact.mjs", bytes(preact + "/dist/preact.mjs"));
    // a bare import needs an import map, which the content security policy forbids
    String hooks = text(preact + "/hooks/dist/hooks.mjs");
    files.put(
        "lib/hooks.mjs",
        hooks.replace("from\"preact\"", "from\"./preact.mjs\"").getBytes(StandardCharsets.UTF_8));
    files.put("index.html", bytes("ui/index.html"));
    version = version(files);
    files.remove("index.html");
    page =
        text("ui/index.html")
            .replace(PRELOADS, preloads())
            .replace(VERSION, version)
            .getBytes(StandardCharsets.UTF_8);
  }

  /** Read by the first browser that comes: a service that only programs use starts without. */
  private static final class Holder {
    static final DashboardFiles FILES = new DashboardFiles();
  }

  static DashboardFiles get() {
    return Holder.FILES;
  }

  String version() {
    return version;
  }

  byte[] page() {
    return page;
  }

  /** A file; null when there is none of that name, or not of that version. */
  byte @Nullable [] find(String ofVersion, String name) {
    return ofVersion.equals(version) ? files.get(name) : null;
  }

  /** What the first view needs, so that a browser asks for it at once and not import by import. */
  private String preloads() {
    return files.keySet().stream()
        .filter(name -> !name.endsWith(".css"))
        .filter(name -> !name.startsWith("lang/"))
        .map(name -> "    <link rel=\"modulepreload\" href=\"/ui/%s/%s\">".formatted(VERSION, name))
        .collect(Collectors.joining("\n"));
  }

  private static String version(Map<String, byte[]> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (name, content) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update(content);
          });
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String preactVersion() {
    Properties properties = new Properties();
    try (InputStream in = open("/META-INF/maven/org.webjars.npm/preact/pom.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static String text(String resource) {
    return new String(bytes(resource), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String resource) {
    try (InputStream content = open(resource)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream content = DashboardFiles.class.getResourceAsStream(resource);
    if (content == null) {
      throw new IllegalStateException("not on the class path: " + resource);
    }
    return content;
  }
}
