package io.quikqueue.contracts;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Jobs as the version before envelopes wrote them: these bytes are what it gave to Kafka and Redis,
 * and stay as they are. For tests of mixed versions.
 */
public final class FormerBodies {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

  private FormerBodies() {}

  /** The bytes and the job that they say. */
  public record Written(String hex, Job job) {

    public byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }
  }

  /** A plain job, one with everything, and one whose deadline a retry by hand has lifted. */
  public static List<Written> all() {
    return List.of(
        new Written(
            "0100019b7c9f6a2e70008000000000000001000000010500000000000000000006475ef6574f35"
                + "0006475ef6574f350006475ef6574f35046563686f0764656661756c7400000000077b226e223a317d",
            Job.builder(id(1), JobSpec.of("echo", "{\"n\":1}"), NOW).build()),
        new Written(
            "011f019b7c9f6a2e70008000000000000002000000040300000001000000010006475ef6574f35"
                + "0006475ef6c21ef50006475ef68515f50006475ef9ead6350000000700000000000000fa"
                + "00000000000493e00000000000015f900000000200000000006ddd000847726565742e7632"
                + "046d61696c3730302d30616637363531393136636434336464383434386562323131633830"
                + "333139632d623761643662373136393230333333312d3031010674656e616e740004c3a42062"
                + "0000001a7b2274657874223a227a77c3b66c6620e282ac20f09f9880227d",
            Job.builder(id(2), rich(), NOW)
                .attempt(4)
                .failures(1)
                .crashes(1)
                .updatedAt(NOW.plusSeconds(7))
                .runAt(NOW.plusSeconds(3))
                .build()),
        new Written(
            "0101019b7c9f6a2e70008000000000000003000000020500000000000000000006475ef6574f35"
                + "0006475ef6e0a3750006475ef6574f350006475ef6574f35046563686f0764656661756c74"
                + "00000000046e756c6c",
            Job.builder(id(3), JobSpec.builder("echo", "null").deadline(NOW).build(), NOW)
                .attempt(2)
                .updatedAt(NOW.plusSeconds(9))
                .deadlineLifted(true)
                .build()));
  }

  private static JobSpec rich() {
    return JobSpec.builder("Greet.v2", "{\"text\":\"zwölf € \uD83D\uDE00\"}")
        .queue("mail")
        .priority(3)
        .deadline(NOW.plusSeconds(60))
        .policy(
            new Policy(
                7,
                Duration.ofMillis(250),
                Duration.ofMinutes(5),
                Duration.ofHours(2),
                Duration.ofSeconds(90),
                2))
        .labels(Map.of("tenant", "ä b"))
        .traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .build();
  }

  private static JobId id(int number) {
    return JobId.parse("019b7c9f-6a2e-7000-8000-00000000000" + number);
  }
}
