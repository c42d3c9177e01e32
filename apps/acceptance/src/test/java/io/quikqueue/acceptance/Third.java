package io.quikqueue.acceptance;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * With {@code -Dquikqueue.third=N}, N from 0 to 2, runs only every third of the tests that it
 * extends. A test's third follows from its name, so that three runs with different numbers run all.
 */
public final class Third implements ExecutionCondition {

  private static final String PROPERTY = "quikqueue.third";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Integer third = Integer.getInteger(PROPERTY);
    if (third == null) {
      return ConditionEvaluationResult.enabled("all thirds run");
    }
    Class<?> test = context.getRequiredTestClass();
    boolean runs =
        context
            .getTestMethod()
            .map(method -> of(test, method) == third)
            .orElseGet(() -> hasAny(test, third));
    return runs
        ? ConditionEvaluationResult.enabled("in third " + third)
        : ConditionEvaluationResult.disabled("runs in another third than " + third);
  }

  private static boolean hasAny(Class<?> test, int third) {
    return Arrays.stream(test.getDeclaredMethods())
        .filter(
            method ->
                method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(ParameterizedTest.class))
        .anyMatch(method -> of(test, method) == third);
  }

  static int of(Class<?> test, Method method) {
    CRC32 hash = new CRC32();
    hash.update((test.getSimpleName() + '.' + method.getName()).getBytes(StandardCharsets.UTF_8));
    return (int) (hash.getValue() % 3);
  }
}
