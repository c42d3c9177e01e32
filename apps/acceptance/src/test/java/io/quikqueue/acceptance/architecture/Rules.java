package io.quikqueue.acceptance.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * The boundaries of the house.
 *
 * @param root the package that everything is below; another one than the project's only to show
 *     that the rules bite
 */
record Rules(String root) {

  private static final List<String> ADAPTERS =
      List.of("sql", "kafka", "redis", "local", "http", "handlers", "metrics", "rest");
  private static final List<String> DATABASES = List.of("MySql", "Sqlite");
  private static final List<String> TEST_HELP = List.of("contracts", "servers");
  private static final List<String> APPS =
      List.of("api", "consumer", "worker", "scheduler", "standalone", "client", "stack");
  private static final String RUNTIME = "runtime";

  ArchRule domainIsPure() {
    return classes()
        .that()
        .resideInAPackage(below("domain"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(below("domain"), "java..", "org.jspecify..")
        .because("whoever changes an adapter must not have to touch what decides");
  }

  ArchRule handlerApiStandsAlone() {
    return classes()
        .that()
        .resideInAPackage(below("handler"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(below("handler"), "java..", "org.jspecify..")
        .because("a plugin brings its own libraries");
  }

  /** One rule per adapter. */
  List<ArchRule> adaptersKnowOnlyTheDomain() {
    return ADAPTERS.stream()
        .map(
            adapter ->
                mustNotKnow(
                    adapter,
                    Stream.of(ADAPTERS, TEST_HELP, APPS, List.of(RUNTIME)).flatMap(List::stream),
                    "an adapter speaks one technology and knows only the domain"))
        .toList();
  }

  /** Of the ports it may know the values that use cases take and give. */
  ArchRule restCallsNoPort() {
    return noClasses()
        .that()
        .resideInAPackage(below("rest"))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are interfaces of domain.port that somebody else implements", this::isDrivenPort))
        .because("a use case knows who asks, and decides whether that caller may");
  }

  private boolean isDrivenPort(JavaClass type) {
    String domain = root + ".domain.";
    return type.isInterface()
        && type.getPackageName().equals(domain + "port")
        && type.getAllSubclasses().stream()
            .anyMatch(subclass -> !subclass.getPackageName().startsWith(domain));
  }

  /** One rule per app. */
  List<ArchRule> appsDoNotKnowEachOther() {
    return Stream.concat(APPS.stream(), Stream.of(RUNTIME))
        .map(
            app ->
                mustNotKnow(
                    app, APPS.stream(), "an app wires one process; what two share is in runtime"))
        .toList();
  }

  ArchRule domainAsksNoClock() {
    return noClasses()
        .that()
        .resideInAPackage(below("domain"))
        .should()
        .callMethodWhere(
            target(owner(Predicates.resideInAPackage("java.time..")))
                .and(target(nameMatching("now|system.*|tick.*"))))
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .because("time comes in from the store; only waiting is measured, by System.nanoTime");
  }

  ArchRule domainDrawsNoRandomNumbers() {
    return noClasses()
        .that()
        .resideInAPackage(below("domain"))
        .should()
        .callConstructorWhere(target(owner(assignableTo(Random.class))))
        .orShould()
        .callMethodWhere(
            target(owner(assignableTo(ThreadLocalRandom.class)))
                .and(target(nameMatching("current"))))
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethodWhere(
            target(owner(assignableTo(SecureRandom.class)))
                .and(target(nameMatching("getInstance.*"))))
        .because("randomness comes in, so that a test can repeat it");
  }

  /** One rule per database. */
  List<ArchRule> databasesAreToldApartInOnePlace() {
    return DATABASES.stream().map(this::isKnownOnlyToItself).toList();
  }

  private ArchRule isKnownOnlyToItself(String database) {
    return noClasses()
        .that()
        .resideInAPackage(below("sql"))
        .and()
        .haveNameNotMatching(".*\\.(Dialects|" + database + "[^.]*)")
        .should()
        .dependOnClassesThat(
            Predicates.resideInAPackage(below("sql"))
                .and(Predicates.simpleNameStartingWith(database)))
        .because("what a database does in a way of its own is a method of Dialect");
  }

  List<ArchRule> all() {
    return Stream.of(
            List.of(
                domainIsPure(),
                handlerApiStandsAlone(),
                domainAsksNoClock(),
                domainDrawsNoRandomNumbers(),
                restCallsNoPort()),
            adaptersKnowOnlyTheDomain(),
            appsDoNotKnowEachOther(),
            databasesAreToldApartInOnePlace())
        .flatMap(List::stream)
        .toList();
  }

  private ArchRule mustNotKnow(String one, Stream<String> others, String why) {
    return noClasses()
        .that()
        .resideInAPackage(below(one))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            others.filter(other -> !other.equals(one)).map(this::below).toArray(String[]::new))
        .because(why);
  }

  private String below(String folder) {
    return root + "." + folder + "..";
  }
}
