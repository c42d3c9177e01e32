package io.quikqueue.domain.usecase.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.WorkerInfo;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrphanedTypesTest {

  private final World world = new World(new SettableClock());
  private final OrphanedTypes orphaned =
      new OrphanedTypes(world.memory, world.memory, world.memory, Set.of("echo"));

  @Test
  void namesEachTypeThatWaitsWithoutAHandler() {
    offer("echo", "greet", "mail", "report");
    world.stored(world.jobs.aJob().queued());
    world.stored(world.jobs.aJob().type("mail").queued());
    world.stored(world.jobs.aJob().type("greet").queued());
    world.stored(world.jobs.aJob().type("greet").queue("other").queued());
    world.stored(world.jobs.aJob().type("report"), JobState.DONE);

    assertThat(orphaned.waiting()).containsExactly("greet", "mail");
  }

  @Test
  void findsNothingWhenEveryTypeHasAHandler() {
    offer("echo");
    world.stored(world.jobs.aJob().queued());

    assertThat(orphaned.waiting()).isEmpty();
  }

  private void offer(String... types) {
    world.memory.heartbeat(
        new WorkerInfo(
            "worker",
            "host",
            1,
            Set.of(),
            Set.of(types),
            1,
            0,
            List.of(),
            Instant.EPOCH,
            Instant.EPOCH));
  }
}
