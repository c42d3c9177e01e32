package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobId;

/**
 * Encrypts what jobs carry wherever it is stored or passed on. A value is bound to its job and its
 * field: put elsewhere, it does not open. Safe for use by many threads.
 */
public interface FieldCipher {

  /** What is encrypted of a job. */
  enum Field {
    PAYLOAD,
    RESULT,
    LOG,
    /** The value of a step. */
    STEP,
    /** The payload of a signal. */
    SIGNAL
  }

  /** Encrypts nothing and opens nothing. */
  FieldCipher NONE =
      new FieldCipher() {
        @Override
        public String seal(JobId job, Field field, String text) {
          return text;
        }

        @Override
        public String open(JobId job, Field field, String stored) {
          return stored;
        }

        @Override
        public byte[] sealLine(JobId job, byte[] line) {
          return line;
        }

        @Override
        public byte[] openLine(JobId job, byte[] stored) {
          return stored;
        }
      };

  /**
   * What to store for a JSON text: {@link io.quikqueue.domain.job.SealedText}, or the text as it is
   * without a key. A text that is sealed already stays so.
   */
  String seal(JobId job, Field field, String text);

  /**
   * The text that was sealed. One that never was is given back as it is, and so is one that cannot
   * be opened: whoever needs it has to ask {@link io.quikqueue.domain.job.SealedText#isSealed}.
   */
  String open(JobId job, Field field, String stored);

  /** What to store for a line of a job's log, in UTF-8. */
  byte[] sealLine(JobId job, byte[] line);

  /** The line that was sealed; one that cannot be opened is told by a text in its place. */
  byte[] openLine(JobId job, byte[] stored);
}
