package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnknownVariablesTest {

  @TempDir Path home;

  @Test
  void namesWhatNothingReadsAndWhatMayBeMeant() {
    assertThat(
            UnknownVariables.lines(
                List.of("PATH", "QQ_PORT", "QQ_PROT", "QQ_OF_SOME_PLUGIN", "QQ_A\nevent=forged"),
                Set.of("QQ_PORT", "QQ_HOST", "QQ_AOT")))
        .containsExactly(
            "event=unknown_variable name=QQ_A\\u000aevent=forged",
            "event=unknown_variable name=QQ_OF_SOME_PLUGIN",
            "event=unknown_variable name=QQ_PROT meant=QQ_PORT");
  }

  @Test
  void hintsAtWhatMayBeMeantWhereAProcessDoesNotStart() {
    assertThat(
            UnknownVariables.hints(
                List.of("PATH", "QQ_PORT", "QQ_PROT", "QQ_OF_SOME_PLUGIN"),
                Set.of("QQ_PORT", "QQ_HOST", "QQ_AOT")))
        .containsExactly("QQ_PROT is set; is QQ_PORT meant?");
  }

  @Test
  void knowsWhatItsOwnFileAndTheShippedOnesName() throws Exception {
    Path config = Files.createDirectory(home.resolve("config"));
    Files.writeString(config.resolve("worker.yml"), "slots: ${QQ_SLOTS:-8}\n");
    UnknownVariables variables = new UnknownVariables();
    variables.noting(_ -> null).get("QQ_MY_OWN");

    assertThat(variables.known(home)).contains("QQ_SLOTS", "QQ_MY_OWN", "QQ_BUILD", "QQ_URL");
  }

  @Test
  void checksNothingButItsOwnWhereThereAreNoShippedFiles() {
    assertThat(new UnknownVariables().known(home.resolve("nowhere"))).contains("QQ_BUILD");
  }
}
