package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Failure;
import org.junit.jupiter.api.Test;

class FailureConverterTest {

  private static final class Cyclic extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      return this;
    }
  }

  private static final class Unreadable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new StackOverflowError();
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException();
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException();
    }
  }

  private static final class Frames extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final StackTraceElement[] frames;

    Frames(StackTraceElement[] frames) {
      this.frames = frames;
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      return frames;
    }
  }

  private static StackTraceElement frame(String loader, String type, int line) {
    return new StackTraceElement(loader, null, null, type, "run", type + ".java", line);
  }

  @Test
  void framesOfThePluginComeFirstAndTheOthersAreFolded() {
    Exception thrown = new Exception("no luck");
    StackTraceElement[] frames = new StackTraceElement[12];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = frame(i == 3 || i == 5 ? "mine.jar" : "app", "C" + i, i);
    }
    thrown.setStackTrace(frames);

    assertThat(FailureConverter.trace(thrown).lines())
        .containsExactly(
            "java.lang.Exception: no luck",
            "    at mine.jar//C3.run(C3.java:3)",
            "    at mine.jar//C5.run(C5.java:5)",
            "    at app//C0.run(C0.java:0)",
            "    at app//C1.run(C1.java:1)",
            "    at app//C2.run(C2.java:2)",
            "    at app//C4.run(C4.java:4)",
            "    at app//C6.run(C6.java:6)",
            "    ... 5 more frames of the JDK and QuikQueue");
  }

  @Test
  void ofALongChainBothEndsAreShown() {
    Throwable chain = new Exception("root");
    for (int i = 0; i < 99; i++) {
      chain = new Exception("x".repeat(10_000) + i, chain);
    }

    assertThat(FailureConverter.trace(chain))
        .hasSizeLessThanOrEqualTo(Failure.MAX_TRACE)
        .contains("... 90 more causes\n", "Caused by: java.lang.Exception: root\n");
  }

  @Test
  void suppressedExceptionsAreShown() {
    Exception thrown = new Exception("first");
    for (int i = 0; i < 5; i++) {
      thrown.addSuppressed(new Exception("second" + i));
    }

    assertThat(FailureConverter.trace(thrown))
        .contains("  Suppressed: java.lang.Exception: second0\n", "  ... 2 more suppressed");
  }

  @Test
  void aHostileExceptionIsToldAsFarAsItCanBeRead() {
    assertThat(FailureConverter.trace(new Cyclic()))
        .startsWith(Cyclic.class.getName() + "\n    at ");
    assertThat(FailureConverter.trace(new Unreadable()))
        .isEqualTo(
            Unreadable.class.getName()
                + ": (its message cannot be read: java.lang.StackOverflowError)");
    assertThat(FailureConverter.line(new Exception() {})).isEqualTo("FailureConverterTest$1");
  }

  @Test
  @SuppressWarnings("NullAway")
  void framesThatAreMissingAreLeftOut() {
    Exception thrown = new Exception("outer", new Frames(null));
    thrown.setStackTrace(new StackTraceElement[0]);
    thrown.addSuppressed(new Frames(new StackTraceElement[] {null, frame("mine.jar", "C", 1)}));

    assertThat(FailureConverter.trace(thrown).lines())
        .containsExactly(
            "java.lang.Exception: outer",
            "  Suppressed: " + Frames.class.getName(),
            "      at mine.jar//C.run(C.java:1)",
            "Caused by: " + Frames.class.getName());
  }
}
