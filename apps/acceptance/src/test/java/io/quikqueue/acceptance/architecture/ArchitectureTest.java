package io.quikqueue.acceptance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.quikqueue.acceptance.architecture.broken.Broken;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules hold for all modules; and each of them bites, as a fixture that breaks it shows. */
final class ArchitectureTest {

  private static final String ROOT = "io.quikqueue";
  private static final Set<String> MODULES =
      Set.of(
          "domain",
          "handler",
          "contracts",
          "servers",
          "sql",
          "kafka",
          "redis",
          "local",
          "http",
          "handlers",
          "metrics",
          "rest",
          "runtime",
          "api",
          "consumer",
          "worker",
          "scheduler",
          "standalone",
          "client",
          "stack",
          "examples");
  private static final Rules BROKEN = new Rules(Broken.class.getPackageName());

  private static JavaClasses project;
  private static JavaClasses fixtures;

  @BeforeAll
  static void readAllClasses() {
    project =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/io/quikqueue/acceptance/"))
            .importPackages(ROOT);
    fixtures = new ClassFileImporter().importPackagesOf(Broken.class);
  }

  static List<ArchRule> rules() {
    return new Rules(ROOT).all();
  }

  @Test
  void everyModuleIsAnalysed() {
    assertThat(
            project.stream()
                .map(type -> type.getPackageName().substring(ROOT.length() + 1).split("\\.")[0])
                .collect(Collectors.toSet()))
        .isEqualTo(MODULES);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holds(ArchRule rule) {
    rule.check(project);
  }

  @Test
  void aDomainThatUsesALibraryIsFound() {
    assertBites(BROKEN.domainIsPure(), "UsesALibrary", "ObjectMapper");
  }

  @Test
  void aDomainThatAsksTheClockIsFound() {
    assertBites(
        BROKEN.domainAsksNoClock(),
        "AsksTheClock",
        "Instant.now",
        "Clock.systemUTC",
        "currentTimeMillis");
  }

  @Test
  void aDomainThatDrawsRandomNumbersIsFound() {
    assertBites(
        BROKEN.domainDrawsNoRandomNumbers(),
        "DrawsRandomNumbers",
        "randomUUID",
        "Math.random",
        "ThreadLocalRandom.current",
        "java.util.Random.<init>",
        "SecureRandom.<init>");
  }

  @Test
  void aHandlerApiThatUsesALibraryIsFound() {
    assertBites(BROKEN.handlerApiStandsAlone(), "HandlerWithALibrary", "JsonNode");
  }

  @Test
  void anAdapterThatKnowsAnotherOrAnAppIsFound() {
    assertBites(
        only(BROKEN.adaptersKnowOnlyTheDomain()), "KnowsAnAdapterAndAnApp", "AnAdapter", "AnApp");
  }

  @Test
  void aResourceThatCallsAPortIsFound() {
    EvaluationResult result = BROKEN.restCallsNoPort().allowEmptyShould(true).evaluate(fixtures);

    assertThat(result.getFailureReport().getDetails())
        .isNotEmpty()
        .allMatch(detail -> detail.contains("CallsAPort") && detail.contains("APort"))
        .noneMatch(detail -> detail.contains("AnOutcome>"));
  }

  @Test
  void anAppThatKnowsAnotherIsFound() {
    assertBites(only(BROKEN.appsDoNotKnowEachOther()), "KnowsAnApp", "AnApp");
  }

  @Test
  void aComparisonOfDatabasesIsFound() {
    assertBites(
        only(BROKEN.databasesAreToldApartInOnePlace()), "ComparesDatabases", "SqliteFixture");
  }

  /** The one rule among them that the fixtures break. */
  private static ArchRule only(List<ArchRule> rules) {
    List<ArchRule> broken =
        rules.stream()
            .map(rule -> rule.allowEmptyShould(true))
            .filter(rule -> rule.evaluate(fixtures).hasViolation())
            .toList();
    assertThat(broken).hasSize(1);
    return broken.getFirst();
  }

  private static void assertBites(ArchRule rule, String... named) {
    EvaluationResult result = rule.allowEmptyShould(true).evaluate(fixtures);
    assertThat(result.hasViolation()).isTrue();
    String report = result.getFailureReport().toString();
    assertThat(report).contains(named);
  }
}
