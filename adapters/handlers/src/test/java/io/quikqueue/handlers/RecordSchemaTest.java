package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.port.PermanentFailureException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSchemaTest {

  enum Colour {
    RED,
    GREEN
  }

  record Line(String sku, int count) {}

  record Tree(@Nullable String name, @Nullable List<Tree> children) {}

  record Money(BigDecimal amount) {
    static Money valueOf(String text) {
      return new Money(new BigDecimal(text));
    }
  }

  record All(
      int count,
      long total,
      double ratio,
      boolean urgent,
      @Nullable Integer maybe,
      @Nullable BigInteger big,
      @Nullable BigDecimal exact,
      @Nullable String customerName,
      @Nullable UUID id,
      @Nullable Colour colour,
      @Nullable Instant at,
      @Nullable Duration lasting,
      @Nullable LocalDate day,
      @Nullable List<Line> lines,
      int @Nullable [] numbers,
      byte @Nullable [] bytes,
      @Nullable Map<String, Integer> stock,
      Optional<String> note,
      @Nullable Tree tree,
      @Nullable Money money,
      @Nullable Object anything) {}

  public static class Bean {
    public int count;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sku\":\"x\"}",
        "{\"sku\":\"x\",\"count\":null}",
        "{\"sku\":\"x\",\"count\":\"1\"}",
        "{\"sku\":\"x\",\"count\":1.5}",
        "{\"sku\":\"x\",\"count\":2147483648}",
        "{\"sku\":1,\"count\":1}",
        "{\"sku\":[],\"count\":1}",
        "{\"sku\":\"x\",\"count\":1,\"more\":1}",
        "{\"sku\":\"x\",\"count\":1,\"count\":1}",
        "[]",
        "null",
        "\"x\"",
        "1"
      })
  void whatTheHandlerCouldNotReadIsRefused(String payload) {
    assertThatThrownBy(() -> schema(Line.class).check(payload))
        .isInstanceOf(InvalidPayloadException.class);
    assertThatThrownBy(() -> PayloadJson.read(payload, Line.class))
        .isInstanceOf(PermanentFailureException.class);
  }

  @Test
  void namesAreWrittenAsJacksonReadsThem() throws Exception {
    String payload =
        """
        {"count": 1, "total": 2, "ratio": 1, "urgent": true, "customer_name": "Ü",
         "lines": [{"sku": "x", "count": 1}, null], "stock": {"a": 1}, "colour": "RED",
         "tree": {"children": [{"name": "leaf"}]}, "money": "1.5", "day": [2026, 1, 1]}\
        """;

    schema(All.class).check(payload);
    PayloadJson.read(payload, All.class);
  }

  @Test
  void recordsInsideRecordsAreLookedInto() {
    String deep = "{\"children\": [{\"children\": [{\"name\": 1}]}]}";

    assertThatThrownBy(() -> schema(Tree.class).check(deep))
        .isInstanceOfSatisfying(
            InvalidPayloadException.class,
            refusal -> assertThat(refusal.pointer()).isEqualTo("/children/0/children/0/name"));
  }

  @Test
  void whatHasOtherMakersIsLeftOpen() {
    assertThat(PayloadJson.schema(Money.class)).isNull();
    assertThat(PayloadJson.schema(Bean.class)).isNull();
    assertThat(PayloadJson.schema(Object.class)).isNull();
  }

  enum Broken {
    ONE;

    static {
      if (ONE.ordinal() == 0) {
        throw new IllegalStateException("not here");
      }
    }
  }

  record OfAnyEnum(@Nullable Enum<?> any, int count) {}

  record OfBroken(@Nullable Broken broken) {}

  @SuppressWarnings("MemberName")
  record TwoOfOneName(String aB, String a_b) {}

  record Nest<T>(@Nullable Nest<List<T>> next) {}

  record Figures(double ratio, @Nullable Float share) {}

  enum Size {
    SMALL,
    /** Of all characters of a name only this one means something in a pattern. */
    X$L
  }

  record Shirt(@Nullable Size size) {}

  @ParameterizedTest
  @ValueSource(
      strings = {"\"SMALL\"", "\" SMALL \"", "\"\\n\\tX$L\\r\"", "\"\\u0001SMALL\"", "null"})
  void aConstantMayHaveBlanksAroundItsName(String size) throws Exception {
    String payload = "{\"size\":" + size + "}";

    schema(Shirt.class).check(payload);
    PayloadJson.read(payload, Shirt.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"\"", "\" \"", "\"SMALL x\"", "\" small\"", "\"X$\"", "\"LARGE\"", "1", "[]"})
  void whatIsNoConstantIsRefused(String size) {
    String payload = "{\"size\":" + size + "}";

    assertThatThrownBy(() -> schema(Shirt.class).check(payload))
        .isInstanceOf(InvalidPayloadException.class);
    assertThatThrownBy(() -> PayloadJson.read(payload, Shirt.class))
        .isInstanceOf(PermanentFailureException.class);
  }

  /** A plugin whose handler nobody calls so must load all the same. */
  @ParameterizedTest
  @ValueSource(classes = {OfBroken.class, TwoOfOneName.class, Enum.class, Broken.class})
  void whatCannotBeLookedIntoIsLeftOpen(Class<?> payload) {
    assertThat(PayloadJson.schema(payload)).isNull();
  }

  @Test
  void whatIsAroundAnEnumOfAnyKindIsChecked() {
    assertThatThrownBy(() -> schema(OfAnyEnum.class).check("{\"count\":\"1\"}"))
        .isInstanceOf(InvalidPayloadException.class);
  }

  @Test
  void recordsThatReferToNewOnesWithoutEndAreLeftOpenSomewhere() {
    PayloadJson.schema(Nest.class);
  }

  /** Jackson writes them so: a client in Java sends them. */
  @ParameterizedTest
  @ValueSource(strings = {"\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"+INF\"", "1", "-1.5"})
  void doublesThatAreNoNumbersAreTaken(String ratio) throws Exception {
    String payload = "{\"ratio\":" + ratio + ",\"share\":" + ratio + "}";

    schema(Figures.class).check(payload);
    PayloadJson.read(payload, Figures.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"1\"", "\"\"", "\"nan\"", "\"NaN.\"", "true", "[1]", "null"})
  void otherTextsForDoublesAreRefused(String ratio) {
    String payload = "{\"ratio\":" + ratio + "}";

    assertThatThrownBy(() -> schema(Figures.class).check(payload))
        .isInstanceOf(InvalidPayloadException.class);
    assertThatThrownBy(() -> PayloadJson.read(payload, Figures.class))
        .isInstanceOf(PermanentFailureException.class);
  }

  /** A schema that is stricter than the handler would refuse jobs that could run. */
  @Test
  void nothingThatTheHandlerCouldReadIsRefused() {
    PayloadSchema schema = schema(All.class);
    int read = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      String payload = new Payloads(new Random(seed)).all();
      try {
        PayloadJson.read(payload, All.class);
      } catch (PermanentFailureException e) {
        continue;
      }
      read++;
      schema.check(payload);
    }
    assertThat(read).isGreaterThan(1_000);
  }

  private static PayloadSchema schema(Class<?> type) {
    String schema = PayloadJson.schema(type);
    assertThat(schema).isNotNull();
    return PayloadSchema.written(schema);
  }

  /** Payloads of which each field is right, or now and then something else. */
  private record Payloads(Random random) {

    private static final List<String> ODD =
        List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.0",
            "1e2",
            "1.5",
            "99999999999",
            "1e400",
            "\"\"",
            "\"1\"",
            "\"RED\"",
            "\"2026-01-01T00:00:00Z\"",
            "\"PT1S\"",
            "[]",
            "[1]",
            "[null]",
            "{}",
            "{\"a\":1}",
            "{\"a\":null}",
            "\"NaN\"",
            "\" GREEN\"",
            "\"\\tRED \\n\"",
            "\" GREY \"",
            "\"AAAA\"");

    private static final Map<String, String> RIGHT =
        Map.ofEntries(
            Map.entry("count", "1"),
            Map.entry("total", "99999999999"),
            Map.entry("ratio", "1.5"),
            Map.entry("urgent", "false"),
            Map.entry("maybe", "1"),
            Map.entry("big", "123456789012345678901234567890"),
            Map.entry("exact", "1.10"),
            Map.entry("customer_name", "\"x\""),
            Map.entry("id", "\"00000000-0000-0000-0000-000000000001\""),
            Map.entry("colour", "\"GREEN\""),
            Map.entry("at", "\"2026-01-01T00:00:00Z\""),
            Map.entry("lasting", "\"PT1S\""),
            Map.entry("day", "\"2026-01-01\""),
            Map.entry("lines", "[{\"sku\":\"x\",\"count\":1}]"),
            Map.entry("numbers", "[1,2]"),
            Map.entry("bytes", "\"AAAA\""),
            Map.entry("stock", "{\"a\":1}"),
            Map.entry("note", "\"x\""),
            Map.entry("tree", "{\"children\":[{}]}"),
            Map.entry("money", "\"1\""),
            Map.entry("anything", "[[]]"));

    String all() {
      List<String> names = RIGHT.keySet().stream().sorted().toList();
      int odd = random.nextInt(names.size());
      return IntStream.range(0, names.size())
          .filter(_ -> random.nextInt(40) > 0)
          .mapToObj(
              i ->
                  "\"%s\":%s"
                      .formatted(
                          names.get(i),
                          i == odd ? ODD.get(random.nextInt(ODD.size())) : RIGHT.get(names.get(i))))
          .collect(java.util.stream.Collectors.joining(",", "{", "}"));
    }
  }
}
