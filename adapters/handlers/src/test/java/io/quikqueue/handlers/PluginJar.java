package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Makes jars out of source text. */
final class PluginJar {

  private final Path directory;

  PluginJar(Path directory) {
    this.directory = directory;
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** Compiles the source and packs its classes. Without a provider no service is named. */
  void write(String name, @Nullable String provider, String source) throws IOException {
    Path classes = Files.createTempDirectory(directory.getParent(), "classes");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    boolean compiled =
        compiler
            .getTask(
                null,
                null,
                null,
                List.of("-d", classes.toString(), "-proc:none"),
                null,
                List.of(new Source(source)))
            .call();
    assertThat(compiled).as("compiles").isTrue();
    try (OutputStream out = Files.newOutputStream(path(name));
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, jar);
      }
      if (provider != null) {
        jar.putNextEntry(new JarEntry("META-INF/services/io.quikqueue.handler.Handler"));
        jar.write(provider.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String text;

    Source(String text) {
      super(
          URI.create(
              "string:///acme/"
                  + text.replaceFirst("(?s).*?public class (\\w+).*", "$1")
                  + JavaFileObject.Kind.SOURCE.extension),
          JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
