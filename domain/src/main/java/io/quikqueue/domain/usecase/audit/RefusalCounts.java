package io.quikqueue.domain.usecase.audit;

import io.quikqueue.domain.audit.AuditRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts refusals until they are written. Whoever is refused often or in many ways takes little
 * room: a few rows a caller, a few rows in all, and what is beyond is counted together. Safe for
 * use by several threads.
 */
final class RefusalCounts {

  /** Rows of one caller; beyond them one for each status. */
  static final int MOST_BY_CALLER = 5;

  /** Rows in all; beyond them one for each status. */
  static final int MOST = 20;

  /** Stands for callers, actions and reasons that there was no room for. */
  static final String OTHERS = "others";

  private final Map<Refusal, Integer> counts = new LinkedHashMap<>();
  private final Map<String, Integer> rows = new HashMap<>();

  /** What is counted together. */
  record Refusal(String caller, String address, String action, String reason, int status) {

    Refusal {
      caller = AuditRecord.cut(caller, AuditRecord.MOST_CHARS);
      address = AuditRecord.cut(address, AuditRecord.MOST_WORD_CHARS);
      action = AuditRecord.cut(action, AuditRecord.MOST_WORD_CHARS);
      reason = AuditRecord.cut(reason, AuditRecord.MOST_WORD_CHARS);
    }

    private Refusal ofCaller(String by) {
      return new Refusal(caller, by.equals(address) ? address : OTHERS, OTHERS, OTHERS, status);
    }

    private Refusal ofAll() {
      return new Refusal(OTHERS, OTHERS, OTHERS, OTHERS, status);
    }
  }

  /**
   * Counts a refusal.
   *
   * @param by whose rows it belongs to
   */
  synchronized void add(Refusal refusal, String by) {
    Refusal counted = refusal;
    if (!counts.containsKey(counted) && rows.getOrDefault(by, 0) >= MOST_BY_CALLER) {
      counted = refusal.ofCaller(by);
    }
    if (!counts.containsKey(counted) && counts.size() >= MOST) {
      counted = refusal.ofAll();
    }
    if (!counts.containsKey(counted)) {
      rows.merge(by, 1, Integer::sum);
    }
    counts.merge(counted, 1, (count, one) -> count == Integer.MAX_VALUE ? count : count + one);
  }

  /** What was counted, in the order in which it came; from now on it is counted anew. */
  synchronized Map<Refusal, Integer> take() {
    Map<Refusal, Integer> taken = new LinkedHashMap<>(counts);
    counts.clear();
    rows.clear();
    return taken;
  }
}
