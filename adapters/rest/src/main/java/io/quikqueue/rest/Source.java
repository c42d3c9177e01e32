package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonLocation;
import org.jspecify.annotations.Nullable;

/**
 * Where a JSON text stood in the body.
 *
 * @param line from 1
 * @param column from 1
 */
record Source(int line, int column) {

  static final Source START = new Source(1, 1);

  /** A place in the text, told by line and column of the body. */
  String where(@Nullable JsonLocation at) {
    if (at == null) {
      return "line " + line;
    }
    int atLine = at.getLineNr() + line - 1;
    int atColumn = at.getLineNr() == 1 ? at.getColumnNr() + column - 1 : at.getColumnNr();
    return "line " + atLine + ", column " + atColumn;
  }
}
