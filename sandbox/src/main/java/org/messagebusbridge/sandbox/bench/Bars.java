package org.messagebusbridge.sandbox.bench;

import java.util.List;
import java.util.Locale;

/** A bar chart in SVG: bars are medians, dots are the rounds. */
final class Bars {
  private static final int WIDTH = 720;
  private static final int LABEL = 170;
  private static final int FIGURE = 76;
  private static final int BAR = 18;
  private static final int GAP = 8;

  private Bars() {}

  /**
   * One bar.
   *
   * @param values of the rounds
   * @param ours whether it is the bridge's
   */
  record Bar(String label, List<Double> values, boolean ours) {
    Bar {
      values = List.copyOf(values);
    }
  }

  /**
   * A figure with its caption.
   *
   * @param format of a value, for {@link String#format}
   */
  static String chart(String title, List<Bar> bars, String format) {
    double most =
        bars.stream()
            .flatMap(bar -> bar.values().stream())
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(1);
    int room = WIDTH - LABEL - FIGURE;
    int height = bars.size() * (BAR + GAP) + GAP;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<figure><figcaption>%s</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\">%n",
            escape(title),
            WIDTH,
            height));
    int y = GAP;
    for (Bar bar : bars) {
      double median = bar.values().isEmpty() ? 0 : Median.of(bar.values());
      int middle = y + BAR / 2;
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" class=\"end\">%s</text>"
                  + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" class=\"%s\"/>",
              LABEL - 8,
              middle + 5,
              escape(bar.label()),
              LABEL,
              y,
              Math.max(1, room * median / most),
              BAR,
              bar.ours() ? "ours" : "theirs"));
      for (double value : bar.values()) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%d\" r=\"3\"/>",
                LABEL + room * value / most,
                middle));
      }
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" class=\"end\">" + format + "</text>%n",
              WIDTH,
              middle + 5,
              median));
      y += BAR + GAP;
    }
    return svg.append("</svg></figure>\n").toString();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
