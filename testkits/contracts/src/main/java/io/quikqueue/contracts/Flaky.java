package io.quikqueue.contracts;

import io.quikqueue.domain.port.UnavailableException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A port that can be made to fail as a server does: it is away, or it does what it is asked and the
 * answer is lost. Also lets something happen right before or after a call, and counts calls.
 * Thread-safe.
 *
 * @param <T> the port
 */
public final class Flaky<T> {

  private final T port;
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, Runnable> before = new HashMap<>();
  private final Map<String, Runnable> after = new HashMap<>();
  private boolean down;
  private int answersToLose;

  /**
   * @param target does the work while nothing fails
   */
  public Flaky(Class<T> port, T target) {
    InvocationHandler handler = (_, method, args) -> call(target, method, args);
    this.port =
        port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, handler));
  }

  /** The port to hand to whoever is tested. */
  public T port() {
    return port;
  }

  /** From now on every call throws {@link UnavailableException} and does nothing. */
  public synchronized void down() {
    down = true;
  }

  public synchronized void up() {
    down = false;
  }

  /** The next calls take effect and throw {@link UnavailableException} all the same. */
  public synchronized void loseAnswers(int count) {
    answersToLose = count;
  }

  /** Runs this once, right before the next call of a method. */
  public synchronized void beforeNext(String method, Runnable action) {
    before.put(method, action);
  }

  /** Runs this once, when the next call of a method has taken effect and before it returns. */
  public synchronized void afterNext(String method, Runnable action) {
    after.put(method, action);
  }

  /** How often a method was called, failed calls included. */
  public synchronized int calls(String method) {
    return calls.getOrDefault(method, 0);
  }

  private @Nullable Object call(T target, Method method, Object @Nullable [] args)
      throws Throwable {
    Runnable first;
    Runnable last;
    synchronized (this) {
      calls.merge(method.getName(), 1, Integer::sum);
      if (down) {
        throw new UnavailableException("server", "it is switched off");
      }
      first = before.remove(method.getName());
      last = after.remove(method.getName());
    }
    if (first != null) {
      first.run();
    }
    Object answer;
    try {
      answer = method.invoke(target, args);
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      throw thrown == null ? e : thrown;
    }
    if (last != null) {
      last.run();
    }
    if (losesAnswer()) {
      throw new UnavailableException("server", "its answer got lost");
    }
    return answer;
  }

  private synchronized boolean losesAnswer() {
    if (answersToLose == 0) {
      return false;
    }
    answersToLose--;
    return true;
  }
}
