package io.quikqueue.acceptance.limits;

import io.quikqueue.acceptance.limits.Samples.Row;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws samples as lines over time, in SVG. */
final class LineGraph {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 420;
  private static final int LEFT = 60;
  private static final int TOP = 50;
  private static final int LEGEND = 200;
  private static final int STEPS = 5;
  private static final List<String> COLOURS =
      List.of(
          "#1f77b4", "#aec7e8", "#d62728", "#ff9896", "#2ca02c", "#98df8a", "#9467bd", "#c5b0d5",
          "#ff7f0e", "#8c564b", "#7f7f7f", "#17becf");

  private LineGraph() {}

  static String svg(String title, String unit, Samples samples) {
    double end = Math.max(1, samples.rows().stream().mapToDouble(Row::seconds).max().orElse(1));
    double top = 1;
    for (String column : samples.columns()) {
      top = Math.max(top, samples.max(column).orElse(0));
    }
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='11'>",
        LEFT + WIDTH + LEGEND,
        TOP + HEIGHT + 40);
    add(svg, "<rect width='100%%' height='100%%' fill='white'/>");
    add(svg, "<text x='%d' y='20' font-size='15'>%s</text>", LEFT, text(title));
    for (int i = 0; i <= STEPS; i++) {
      double x = x(end * i / STEPS, end);
      double y = y(top * i / STEPS, top);
      add(
          svg,
          "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#ddd'/>",
          LEFT,
          LEFT + WIDTH,
          y,
          y);
      add(
          svg,
          "<text x='%d' y='%.1f' text-anchor='end'>%.0f %s</text>",
          LEFT - 4,
          y + 4,
          top * i / STEPS,
          text(unit));
      add(
          svg,
          "<text x='%.1f' y='%d' text-anchor='middle'>%.0f s</text>",
          x,
          TOP + HEIGHT + 16,
          end * i / STEPS);
    }
    for (Map.Entry<String, Double> mark : samples.marks().entrySet()) {
      double x = x(mark.getValue(), end);
      add(
          svg,
          "<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' stroke='#999' stroke-dasharray='3 3'/>",
          x,
          x,
          TOP,
          TOP + HEIGHT);
      add(
          svg,
          "<text transform='translate(%.1f %d) rotate(90)' fill='#666'>%s</text>",
          x + 3,
          TOP + 4,
          text(mark.getKey()));
    }
    int number = 0;
    for (String column : samples.columns()) {
      String colour = COLOURS.get(number % COLOURS.size());
      StringBuilder points = new StringBuilder();
      for (Row row : samples.rows()) {
        Double value = row.values().get(column);
        if (value != null) {
          add(points, "%.1f,%.1f ", x(row.seconds(), end), y(value, top));
        }
      }
      add(
          svg,
          "<polyline fill='none' stroke='%s' stroke-width='1.5' points='%s'/>",
          colour,
          points);
      add(
          svg,
          "<text x='%d' y='%d' fill='%s'>%s</text>",
          LEFT + WIDTH + 8,
          TOP + 12 + 16 * number,
          colour,
          text(column));
      number++;
    }
    return svg.append("</svg>\n").toString();
  }

  private static double x(double seconds, double end) {
    return LEFT + WIDTH * seconds / end;
  }

  private static double y(double value, double top) {
    return TOP + HEIGHT * (1 - value / top);
  }

  private static String text(String raw) {
    return raw.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static void add(StringBuilder to, String format, Object... args) {
    to.append(String.format(Locale.ROOT, format, args));
  }
}
