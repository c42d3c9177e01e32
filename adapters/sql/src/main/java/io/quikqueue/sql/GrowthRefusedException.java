package io.quikqueue.sql;

import java.sql.SQLDataException;

/** A workflow would be larger than it may be; the transaction is to be rolled back. */
final class GrowthRefusedException extends SQLDataException {

  private static final long serialVersionUID = 1L;

  GrowthRefusedException(String problem) {
    super(problem);
  }
}
