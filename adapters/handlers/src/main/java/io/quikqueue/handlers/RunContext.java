package io.quikqueue.handlers;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.AttemptOverException;
import io.quikqueue.domain.port.DurableSteps.Pause;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.PermanentFailureException;
import io.quikqueue.domain.port.SpawnRequest;
import io.quikqueue.handler.AttemptEnded;
import io.quikqueue.handler.HandlerContext;
import io.quikqueue.handler.NewNode;
import io.quikqueue.handler.PermanentFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Shows an attempt to the author of a plugin. */
class RunContext implements HandlerContext {

  private final JobRun run;
  private final AtomicInteger sleeps = new AtomicInteger();
  private final Map<String, Integer> waits = new ConcurrentHashMap<>();

  RunContext(JobRun run) {
    this.run = run;
  }

  @Override
  public UUID jobId() {
    return run.job().id().value();
  }

  @Override
  public int attempt() {
    return run.job().attempt();
  }

  @Override
  public Duration timeLeft() {
    return run.timeLeft();
  }

  @Override
  public boolean cancelled() {
    return run.cancelled();
  }

  @Override
  public void progress(int percent, @Nullable String message) {
    run.progress(percent, message);
  }

  @Override
  public void log(@Nullable String line) {
    run.log(line);
  }

  @Override
  public <T> @Nullable T step(String name, Class<T> type, Callable<? extends @Nullable T> work)
      throws Exception {
    String kept = find(name);
    if (kept == null) {
      kept = keep(name, work.call());
    }
    return read("step " + name, kept, type);
  }

  private @Nullable String find(String name) throws PermanentFailure {
    try {
      return run.steps().find(name);
    } catch (InvalidFieldException e) {
      throw new PermanentFailure("step " + name + ": " + e.getMessage(), e);
    }
  }

  private String keep(String name, @Nullable Object value) throws PermanentFailure {
    try {
      return run.steps().keep(name, value == null ? "null" : PayloadJson.write(value));
    } catch (AttemptOverException e) {
      throw new AttemptEnded("the job has moved on");
    } catch (PermanentFailureException | InvalidFieldException e) {
      throw new PermanentFailure("step " + name + ": " + e.getMessage(), e);
    }
  }

  private static <T> @Nullable T read(String what, String json, Class<T> type)
      throws PermanentFailure {
    if (json.equals("null")) {
      return null;
    }
    try {
      return PayloadJson.read(json, type);
    } catch (PermanentFailureException e) {
      throw new PermanentFailure(what + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void sleep(Instant until) throws InterruptedException, PermanentFailure {
    sleep("sleep-" + sleeps.incrementAndGet(), until);
  }

  @Override
  public void sleep(Duration time) throws InterruptedException, PermanentFailure {
    sleep(run.steps().now().plus(time));
  }

  @Override
  public void sleep(String name, Duration time) throws InterruptedException, PermanentFailure {
    sleep(name, run.steps().now().plus(time));
  }

  @Override
  public void sleep(String name, Instant until) throws InterruptedException, PermanentFailure {
    if (pause(() -> run.steps().sleep(name, until)) instanceof Pause.Over(Duration left)) {
      Thread.sleep(left);
    }
  }

  @Override
  public <T> Optional<T> waitForSignal(String signal, Duration timeout, Class<T> type)
      throws PermanentFailure {
    String name = "signal-" + signal + "-" + waits.merge(signal, 1, Integer::sum);
    Instant until = run.steps().now().plus(timeout);
    Pause pause = pause(() -> run.steps().await(name, signal, until));
    return pause instanceof Pause.Received(String payload)
        ? Optional.ofNullable(read("signal " + signal, payload, type))
        : Optional.empty();
  }

  @Override
  public void spawn(List<NewNode> nodes) throws PermanentFailure {
    List<SpawnRequest> asked = new ArrayList<>(nodes.size());
    try {
      for (NewNode node : nodes) {
        Object payload = node.payload();
        JobSpec job =
            JobSpec.builder(node.type(), payload == null ? "null" : PayloadJson.write(payload))
                .queue(node.queue() == null ? JobSpec.DEFAULT_QUEUE : node.queue())
                .build();
        asked.add(new SpawnRequest(node.name(), job, null, node.optional()));
      }
      run.spawn(asked);
    } catch (PermanentFailureException | InvalidFieldException e) {
      throw new PermanentFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static Pause pause(Supplier<Pause> asked) throws PermanentFailure {
    Pause pause;
    try {
      pause = asked.get();
    } catch (AttemptOverException e) {
      throw new AttemptEnded("the job has moved on");
    } catch (InvalidFieldException e) {
      throw new PermanentFailure(String.valueOf(e.getMessage()), e);
    }
    if (pause instanceof Pause.Suspended) {
      throw new AttemptEnded("the job sleeps, and another attempt goes on");
    }
    return pause;
  }

  @Override
  public @Nullable String traceparent() {
    return run.job().spec().traceparent();
  }
}
