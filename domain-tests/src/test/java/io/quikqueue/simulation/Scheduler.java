package io.quikqueue.simulation;

import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.usecase.announce.Announce;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.relay.Relay;
import io.quikqueue.domain.usecase.rescue.RebuildReadyQueue;
import io.quikqueue.domain.usecase.rescue.ReclaimExpiredLeases;
import io.quikqueue.domain.usecase.rescue.RecordCrash;
import io.quikqueue.domain.usecase.wake.Wake;
import java.time.Duration;
import java.util.SplittableRandom;

/** A scheduler process. Two may be at work at once: one that leads, and one that thinks it does. */
final class Scheduler implements Actor {

  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration SWEEP_AGE = Duration.ofSeconds(60);

  private final String name;
  private final Simulation world;
  private final Api.Memory memory;
  private final Wake wake;
  private final Relay relay;
  private final ReclaimExpiredLeases reclaim;
  private final RebuildReadyQueue rebuild;

  Scheduler(String name, Simulation world, long highWater) {
    this.name = name;
    this.world = world;
    Announce announce = new Announce(world.relayStream(), world.outbox, Meter.NONE);
    this.memory = new Api.Memory(new Announce(world.stream, world.outbox, Meter.NONE));
    JobStore store = new ListenedJobStore(world.store, JobListener.announcing(memory));
    this.wake = new Wake(world.timers, store, world.clock, Meter.NONE);
    this.relay = new Relay(world.outbox, announce, world.clock, GRACE, Meter.NONE);
    this.reclaim =
        new ReclaimExpiredLeases(
            world.ready,
            world.store,
            new RecordCrash(store, world.clock, Meter.NONE),
            name,
            Simulation.LEASE);
    this.rebuild =
        new RebuildReadyQueue(
            world.active,
            world.ready,
            world.rebuild,
            world.stream,
            world.clock,
            highWater,
            Simulation.LEASE,
            Simulation.LEASE);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void act(SplittableRandom random) {
    switch (random.nextInt(7)) {
      case 0 -> wake.wake(Duration.ofSeconds(1));
      case 1, 2 -> relay.relay();
      case 3 -> rescue();
      case 4 -> rebuild.rebuildIfBlank();
      case 5 -> rebuild.sweep(SWEEP_AGE);
      default -> memory.announceAll();
    }
  }

  private void rescue() {
    if (world.broken == Broken.RESCUE_REUSES_ATTEMPTS) {
      world.ready.release(
          name,
          world
              .store
              .find(
                  world.ready.reclaimExpired(name, 100, Simulation.LEASE).stream()
                      .map(lease -> lease.attempt().job())
                      .toList())
              .values()
              .stream()
              .filter(job -> job.state().active())
              .toList());
    } else {
      reclaim.reclaim();
    }
  }

  @Override
  public void die() {
    memory.clear();
  }

  @Override
  public void settle() {
    wake.wake(Duration.ofSeconds(1));
    memory.announceAll();
    relay.relay();
    rescue();
    rebuild.rebuildIfBlank();
    rebuild.sweep(SWEEP_AGE);
    memory.announceAll();
  }
}
