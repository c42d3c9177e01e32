package io.quikqueue.acceptance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No library that the build holds has an advisory in security/advisories.tsv against it. */
class AdvisoriesTest {

  private record Library(String group, String name, String version) {

    /** A jar of a Maven repository: .../group/name/version/name-version.jar. */
    static Stream<Library> of(Path jar) {
      Path version = jar.getParent();
      Path name = version == null ? null : version.getParent();
      if (name == null
          || name.getParent() == null
          || !jar.getFileName().toString().startsWith(name.getFileName() + "-")) {
        return Stream.empty(); // a module of ours
      }
      String folders = name.getParent().toString().replace(File.separatorChar, '.');
      return Stream.of(
          new Library(folders, name.getFileName().toString(), version.getFileName().toString()));
    }
  }

  private record Advisory(String group, String name, String fixedIn, String id) {

    static Advisory parse(String line) {
      String[] fields = line.split("\t");
      assertThat(fields).as(line).hasSize(4);
      String[] artifact = fields[0].split(":");
      return new Advisory(artifact[0], artifact[1], fields[1], fields[2]);
    }

    boolean standsAgainst(Library library) {
      return library.group().endsWith("." + group)
          && (name.equals("*") || name.equals(library.name()))
          && Version.parse(library.version()).compareTo(Version.parse(fixedIn)) < 0;
    }
  }

  @Test
  void noneStandsAgainstWhatTheBuildHolds() throws IOException {
    List<Library> libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .flatMap(Library::of)
            .toList();
    assertThat(libraries).extracting(Library::name).contains("jetty-server", "jackson-core");

    for (Advisory advisory : advisories()) {
      assertThat(libraries).as(advisory.id()).noneMatch(advisory::standsAgainst);
    }
  }

  @Test
  void bites() {
    Advisory advisory = Advisory.parse("a.b:*\t1.10.2\tCVE-0\twhat");

    assertThat(advisory.standsAgainst(new Library(".x.a.b", "c", "1.9"))).isTrue();
    assertThat(advisory.standsAgainst(new Library(".x.a.b", "c", "1.10.1"))).isTrue();
    assertThat(advisory.standsAgainst(new Library(".x.a.b", "c", "1.10.2"))).isFalse();
    assertThat(advisory.standsAgainst(new Library(".x.a.b", "c", "2.0"))).isFalse();
    assertThat(advisory.standsAgainst(new Library(".x.a", "c", "1.9"))).isFalse();
  }

  private static List<Advisory> advisories() throws IOException {
    Path file = Path.of("..", "..", "security", "advisories.tsv");
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Advisory::parse)
        .toList();
  }
}
