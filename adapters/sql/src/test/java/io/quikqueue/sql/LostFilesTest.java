package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database whose files go, or that takes no writes, says so. */
class LostFilesTest {

  private final DatabaseConfig config = TestDatabase.SQLITE.empty();
  private final SqlStores stores = SqlStores.open(config, new MetricRegistry());
  private final Jobs jobs = new Jobs(new SettableClock());
  private final Path file = config.file();

  @AfterEach
  void close() {
    stores.close();
  }

  @Test
  void aFileThatWasDeletedTakesNoJobs() throws IOException {
    submit();
    Files.delete(file);

    assertIsLost();
  }

  @Test
  void aFileThatWasReplacedTakesNoJobs() throws IOException {
    submit();
    Path copy = file.resolveSibling("copy");
    Files.copy(file, copy);
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);

    assertIsLost();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4096})
  void aFileThatWasCutTakesNoJobs(long left) throws IOException {
    submit();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertThat(channel.size()).isGreaterThan(left);
      channel.truncate(left);
    }

    assertIsLost();
  }

  @Test
  void aLogThatWasDeletedTakesNoJobs() throws IOException {
    submit();
    Files.delete(file.resolveSibling(file.getFileName() + "-wal"));

    assertIsLost();
  }

  @Test
  void aWriteIsTriedOnceInFiveSeconds() {
    AtomicLong nanos = new AtomicLong();
    Database database =
        new Database(config, config.dialect().connect(config, new MetricRegistry()));
    WriteCheck check = new WriteCheck(database, nanos::get);
    check.run();
    database.write((handle, _) -> handle.execute("ALTER TABLE leases RENAME TO gone"));

    check.run();
    nanos.addAndGet(5_000_000_000L);

    assertThatThrownBy(check::run).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(check::run).isInstanceOf(UnavailableException.class);
    database.write((handle, _) -> handle.execute("ALTER TABLE gone RENAME TO leases"));
    check.run();
    assertThat(stores.leadership().acquire("a", "b", Duration.ofSeconds(1))).isTrue();
  }

  private void submit() {
    stores.jobs().submit(List.of(new Submission(jobs.aQueuedJob(), null)));
  }

  private void assertIsLost() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(this::submit).isInstanceOf(UnavailableException.class);
      assertThatThrownBy(stores::ping).isInstanceOf(UnavailableException.class);
    }
  }
}
