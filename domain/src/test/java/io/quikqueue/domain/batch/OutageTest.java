package io.quikqueue.domain.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.port.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutageTest {

  private static final Logger LOG = Logger.getLogger(Outage.class.getName());

  private final List<String> lines = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final Outage outage = new Outage("relay");

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    LOG.removeHandler(handler);
    LOG.setUseParentHandlers(true);
  }

  @Test
  void logsOneLineForEachServerThatIsAwayAndOneWhenItGoesOn() {
    outage.stalled(new UnavailableException("store", "refused"));
    outage.stalled(new UnavailableException("store", "reset"));
    outage.stalled(new UnavailableException("stream", "timeout"));
    outage.recovered();
    outage.recovered();

    assertThat(lines)
        .containsExactly(
            "event=relay_stalled waits_for=\"store\" reason=\"store is unavailable: refused\"",
            "event=relay_stalled waits_for=\"stream\" reason=\"stream is unavailable: timeout\"",
            "event=relay_recovered from=\"stream\"");
  }

  @Test
  void theEventsAreNamedAfterTheTask() {
    new Outage("outbox-cleaner-1").stalled(new UnavailableException("store", "away"));

    assertThat(lines).singleElement().asString().startsWith("event=outbox_cleaner_stalled ");
  }

  @Test
  void saysNothingWhileAllIsWell() {
    outage.recovered();

    assertThat(lines).isEmpty();
  }
}
