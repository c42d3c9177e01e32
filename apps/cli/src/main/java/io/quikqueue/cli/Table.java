package io.quikqueue.cli;

import java.io.PrintWriter;
import java.util.List;

/** Rows whose columns stand under each other. */
final class Table {

  private static final int WIDEST = 60;

  private Table() {}

  static void print(PrintWriter out, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Math.min(WIDEST, length(row.get(i))));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        boolean isLast = i == widths.length - 1;
        String cell = isLast ? row.get(i) : cut(row.get(i));
        line.append(cell);
        if (!isLast) {
          line.repeat(' ', widths[i] - length(cell) + 2);
        }
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private static String cut(String cell) {
    return length(cell) <= WIDEST
        ? cell
        : cell.substring(0, cell.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }
}
