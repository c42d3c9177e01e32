package io.quikqueue.domain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.workflow.References.UnresolvedException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ItemPayloadsTest {

  private static final String ITEM = "{\"$from\":\"$item\"}";

  @Test
  void eachItemIsPutIntoThePayloadInOrder() throws UnresolvedException {
    assertThat(
            made(
                "[{\"$from\":\"$index\"}, {\"$from\":\"$item.a\"}, {\"$from\":\"list.n\"}]",
                "list.items",
                "{\"items\": [ {\"a\":1} ,{\"a\":\"]\"}],\"n\":7}"))
        .containsExactly("[0, 1, 7]", "[1, \"]\", 7]");
    assertThat(made(ITEM, "list", "[[1,2], null,{}]")).containsExactly("[1,2]", "null", "{}");
    assertThat(made("1", "list", "[ ]")).isEmpty();
  }

  @Test
  void whatItemsHaveInThemIsData() throws UnresolvedException {
    assertThat(made(ITEM, "list", "[{\"$from\":\"$index\"},{\"$from\":\"list\"}]"))
        .containsExactly("{\"$from\":\"$index\"}", "{\"$from\":\"list\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "7", "\"[1]\"", "null", "true"})
  void whatIsNoListIsNamed(String list) {
    refused(ITEM, list, "for_each: \"list\" is no list");
  }

  @Test
  void asManyItemsAsMaxAreLetInAndNotOneMore() throws UnresolvedException {
    String ten = IntStream.range(0, 10).mapToObj(Integer::toString).collect(listing());
    String eleven = IntStream.range(0, 11).mapToObj(Integer::toString).collect(listing());

    assertThat(made(ITEM, "list", ten)).hasSize(10);
    refused(ITEM, eleven, "for_each: \"list\" has 11 items, and max is 10");
  }

  @Test
  void asManyItemsAsTheWorkflowHasRoomForAreLetInAndNotOneMore() throws UnresolvedException {
    assertThat(made(ITEM, "list", "[1,2]", 2)).hasSize(2);
    assertThat(made(ITEM, "list", "[]", 0)).isEmpty();
    assertThatThrownBy(() -> made(ITEM, "list", "[1,2,3]", 2))
        .isInstanceOf(UnresolvedException.class)
        .hasMessage("for_each: the workflow would have more than 10,000 nodes");
  }

  @Test
  void thePayloadsAreBoundedTogether() throws UnresolvedException {
    int quarter = (int) SpawnedNode.MOST_CHARS / 4;
    String item = '"' + "x".repeat(quarter - 2) + '"';

    assertThat(made(ITEM, "list", Collections.nCopies(4, item).stream().collect(listing())))
        .hasSize(4);
    refused(
        ITEM,
        Collections.nCopies(4, item).stream().collect(listing()).replace("]", ",1]"),
        "for_each: the payloads of its nodes would have more than 4 MiB together");
    refused(
        ITEM,
        '[' + "1,".repeat(2) + '"' + "x".repeat(quarter) + "\"]",
        "for_each: item 2: with the results in it the payload has more than 1048576 characters");
  }

  @Test
  void manyReferencesIntoLongItemsAreRefusedInAShortTime() {
    String distinct =
        IntStream.range(0, 100)
            .mapToObj(i -> "{\"$from\":\"$item.l." + i + "\"}")
            .collect(listing());
    String wide =
        "{\"x\":\"" + "x".repeat(1_000_000) + "\",\"l\":" + Collections.nCopies(100, 1) + "}";
    refused(distinct, "[" + wide + "]", "$from: too many paths into results that are too long");
  }

  private static Collector<CharSequence, ?, String> listing() {
    return Collectors.joining(",", "[", "]");
  }

  private static List<String> made(String payload, String from, String list)
      throws UnresolvedException {
    return made(payload, from, list, 10_000);
  }

  private static List<String> made(String payload, String from, String list, int room)
      throws UnresolvedException {
    return ItemPayloads.of(
        payload, new ForEach(from, 10, false), Map.of("list", list), Map.of(), room, 1 << 20);
  }

  private static void refused(String payload, String list, String message) {
    assertThatThrownBy(() -> made(payload, "list", list))
        .isInstanceOf(UnresolvedException.class)
        .hasMessageContaining(message);
  }
}
