package io.quikqueue.domain.usecase.run;

import java.util.List;

/**
 * What became of jobs that were taken. The others have moved on, wait in the quarantine or went
 * back.
 *
 * @param started how many attempts were started
 * @param ended the attempts that were held for a moment and did not start; to be completed
 * @param quarantineFull whether no more jobs can wait in the quarantine
 */
public record AdmissionResult(int started, List<Completion> ended, boolean quarantineFull) {

  static final AdmissionResult NONE = new AdmissionResult(0, List.of(), false);

  /** How many attempts are held. */
  public int held() {
    return started + ended.size();
  }
}
