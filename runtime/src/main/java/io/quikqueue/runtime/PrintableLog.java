package io.quikqueue.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.pattern.DynamicConverter;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Escapes control characters in all that {@code %msg} and {@code %ex} of a log format stand for:
 * users, endpoints and handlers have a hand in messages, and a terminal would obey them. A message
 * is one line; a stack trace keeps its line breaks.
 */
final class PrintableLog implements LoggerContextListener {

  private static final Map<String, Supplier<DynamicConverter<ILoggingEvent>>> CONVERTERS =
      Map.of(
          "m", Message::new,
          "msg", Message::new,
          "message", Message::new,
          "ex", Trace::new,
          "exception", Trace::new,
          "throwable", Trace::new);

  private PrintableLog() {}

  /** Acts on the log formats that are configured from now on. */
  static void install() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      PrintableLog listener = new PrintableLog();
      context.addListener(listener);
      listener.onReset(context);
    }
  }

  @Override
  public boolean isResetResistant() {
    return true;
  }

  /** A reset, with which each configuration begins, forgets what was registered. */
  @Override
  public void onReset(LoggerContext context) {
    context.putObject(CoreConstants.PATTERN_RULE_REGISTRY_FOR_SUPPLIERS, CONVERTERS);
  }

  @Override
  public void onStart(LoggerContext context) {}

  @Override
  public void onStop(LoggerContext context) {}

  @Override
  public void onLevelChange(Logger logger, Level level) {}

  private static final class Message extends MessageConverter {
    @Override
    public String convert(ILoggingEvent event) {
      return escaped(super.convert(event), "\t");
    }
  }

  private static final class Trace extends ThrowableProxyConverter {
    @Override
    public String convert(ILoggingEvent event) {
      return escaped(super.convert(event), "\t\n");
    }
  }

  private static String escaped(String text, String kept) {
    if (text.chars().noneMatch(c -> Character.isISOControl(c) && kept.indexOf(c) < 0)) {
      return text;
    }
    StringBuilder printable = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && kept.indexOf(c) < 0) {
        printable.append("\\u%04x".formatted((int) c));
      } else {
        printable.append(c);
      }
    }
    return printable.toString();
  }
}
