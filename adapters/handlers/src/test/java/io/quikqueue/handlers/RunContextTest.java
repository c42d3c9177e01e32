package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quikqueue.handler.NewNode;
import io.quikqueue.handler.PermanentFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunContextTest {

  private final OneRun run = OneRun.of("1");
  private final RunContext context = new RunContext(run);

  @Test
  void aHandlerAddsNodesWithPayloadsWrittenAsJson() throws Exception {
    context.spawn(
        List.of(
            NewNode.of("resize", Map.of("px", 64)).named("small").inQueue("images"),
            NewNode.of("tell", null).asOptional()));

    assertThat(run.told())
        .containsExactly(
            "adds small resize {\"px\":64} in images", "adds null tell null in default");
  }

  @Test
  void whatCannotBeAJobIsAPermanentFailure() {
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> context.spawn(List.of(NewNode.of("", 1))));
    assertThat(run.told()).isEmpty();
  }
}
