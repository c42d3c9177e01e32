package io.quikqueue.acceptance.faults.plugin;

import io.quikqueue.handler.Handler;
import io.quikqueue.handler.HandlerContext;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs of type {@code effect}: appends a line to a file outside the system when it starts and
 * one when it ends, {@code START|END job attempt n nanos}. The file is named by the environment
 * variable {@code QQ_EFFECTS}. A line is written by one call, so lines of several processes do not
 * mix, and what was written outlives the process. It is a stream because a channel closes for good
 * when a handler is interrupted in the middle of writing to it.
 */
public final class EffectHandler implements Handler<EffectHandler.Effect> {

  /**
   * What a job does.
   *
   * @param n what its submitter calls it
   * @param millis how long it takes
   * @param act how it ends: {@code succeed}; {@code fail-once}, which fails its first attempt;
   *     {@code long-once}, which takes its time in the first attempt only; {@code halt} and {@code
   *     exit}, which end the process it runs in; {@code heap}, which fills the heap; {@code spin},
   *     which computes and heeds no interrupt until there is a file named like that of the effects
   *     with {@code .stop} behind it
   */
  public record Effect(String n, long millis, @Nullable String act) {}

  /** What a job leaves. */
  public record Left(String left) {}

  private final OutputStream file;

  public EffectHandler() {
    try {
      this.file =
          new FileOutputStream(System.getenv().getOrDefault("QQ_EFFECTS", "effects.log"), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String type() {
    return "effect";
  }

  @Override
  public Class<Effect> payloadType() {
    return Effect.class;
  }

  @Override
  public Left handle(Effect effect, HandlerContext context)
      throws IOException, InterruptedException {
    String act = effect.act() == null ? "succeed" : effect.act();
    write("START", effect, context);
    if (act.equals("halt")) {
      Runtime.getRuntime().halt(3);
    }
    if (act.equals("spin")) {
      Path stop = Path.of(System.getenv().getOrDefault("QQ_EFFECTS", "effects.log") + ".stop");
      while (!Files.exists(stop)) {
        long until = System.nanoTime() + 200_000_000;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
      }
    }
    // What takes time is the job here, not a wait of the test.
    if (effect.millis() > 0 && !(act.equals("long-once") && context.attempt() > 1)) {
      Thread.sleep(effect.millis());
    }
    if (act.equals("fail-once") && context.attempt() == 1) {
      throw new IOException("fails once, as it was asked to");
    }
    if (act.equals("exit")) {
      System.exit(3);
    }
    if (act.equals("heap")) {
      fillTheHeap();
    }
    write("END", effect, context);
    return new Left("left-" + effect.n());
  }

  private static void fillTheHeap() {
    List<byte[]> all = new ArrayList<>();
    while (all.size() < Integer.MAX_VALUE) {
      all.add(new byte[1 << 20]);
    }
  }

  private void write(String what, Effect effect, HandlerContext context) throws IOException {
    UUID job = context.jobId();
    String line =
        "%s %s %d %s %d%n".formatted(what, job, context.attempt(), effect.n(), System.nanoTime());
    file.write(line.getBytes(StandardCharsets.UTF_8));
  }
}
