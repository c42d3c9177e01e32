package io.quikqueue.acceptance.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files of config/ show every setting with its default, and docs/settings.md lists them. */
class SettingsTest {

  static final String WRITE =
      "./quikqueue test -pl apps/acceptance -Dtest=SettingsTest -Dquikqueue.settings=write";

  private static final Path PAGE = Path.of("..", "..", "docs", "settings.md");

  @ParameterizedTest
  @EnumSource
  void everySettingIsInTheFileWithItsDefaultAndASentence(Service service) throws Exception {
    assertThat(service.complaints(service.file())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void theFileIsReadAsItIs(Service service) throws Exception {
    service.read(service.file());
  }

  @Test
  void thePageIsUpToDate() throws IOException {
    List<ConfigFile> files = new ArrayList<>();
    for (Service service : Service.values()) {
      files.add(service.file());
    }
    String page = Reference.of(files);
    if ("write".equals(System.getProperty("quikqueue.settings"))) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/settings.md; write it anew: " + WRITE)
        .isEqualTo(page);
  }

  @Test
  void whatIsMissingOrWrongIsFound() throws Exception {
    assertThat(complaints("#maxBody: 1MiB", "#maxBody: 2MiB"))
        .singleElement()
        .asString()
        .startsWith("api.yml: rest.maxBody is 2MiB");
    assertThat(complaints("  #partitions: 4\n", ""))
        .singleElement()
        .asString()
        .startsWith("api.yml: kafka.partitions is missing");
    assertThat(complaints("# Whether POST /echo is served.\n", "\n"))
        .containsExactly("api.yml: no sentence above rest.echo");
    assertThat(complaints("waits: 10000", "waits: 9000"))
        .singleElement()
        .asString()
        .startsWith("api.yml: rest.limits.waits is 9000");
  }

  private static List<String> complaints(String shipped, String instead) throws Exception {
    ConfigFile api = Service.API.file();
    assertThat(api.text()).contains(shipped);
    return Service.API.complaints(new ConfigFile(api.name(), api.text().replace(shipped, instead)));
  }
}
