package io.millrace.reports.record;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The one formatter: every number on a page, in a summary and in a reason passes here, so the same
 * figure reads the same everywhere. Locale-free, decimal point, comma between thousands.
 */
public final class Figures {
  /** Stands for a figure that is absent, such as a percentile with too few samples beyond it. */
  public static final String NONE = "–";

  private static final long KIB = 1024;
  private static final int DECIMALS_MAX = 6;

  private Figures() {}

  /** A whole number with thousands separated: {@code 60,000}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /**
   * Milliseconds with a precision that follows the size: {@code 0.214}, {@code 9.82}, {@code 48.1},
   * {@code 1,204}. No unit. A value that rounding would lift to the next power of ten gets the
   * digits that keep it below, so that what is under 10 ms never reads as 10.
   */
  public static String ms(double value) {
    double size = Math.abs(value);
    int decimals = size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0;
    double next = size < 1 ? 1 : size < 10 ? 10 : size < 100 ? 100 : Double.MAX_VALUE;
    while (decimals < DECIMALS_MAX && size + 0.5 * Math.pow(10, -decimals) >= next) {
      decimals++;
    }
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** Milliseconds, or {@value #NONE}. */
  public static String ms(OptionalDouble value) {
    return value.isPresent() ? ms(value.getAsDouble()) : NONE;
  }

  /** Whole milliseconds, or {@value #NONE}. */
  public static String ms(OptionalLong value) {
    return value.isPresent() ? count(value.getAsLong()) : NONE;
  }

  /** A limit with its unit, no more digits than it has: {@code 10 ms}, {@code 2.5 ms}. */
  public static String limit(double ms) {
    return (ms == Math.rint(ms) ? count(Math.round(ms)) : Double.toString(ms)) + " ms";
  }

  /** Messages a second, a tenth where it is not whole: {@code 1,000}, {@code 998.4}. No unit. */
  public static String rate(double perSecond) {
    return perSecond == Math.rint(perSecond)
        ? count(Math.round(perSecond))
        : String.format(Locale.ROOT, "%,.1f", perSecond);
  }

  /** A round value without trailing zeros, for an axis: {@code 0.01}, {@code 10}, {@code 1,000}. */
  public static String plain(double value) {
    long whole = Math.round(value);
    return Math.abs(value - whole) < 1e-9
        ? count(whole)
        : BigDecimal.valueOf(value).round(new MathContext(2)).stripTrailingZeros().toPlainString();
  }

  /** Milliseconds shown as seconds, one decimal: {@code 12.3}. No unit. */
  public static String seconds(long ms) {
    return String.format(Locale.ROOT, "%,.1f", ms / 1_000.0);
  }

  /** A share in percent, 0 to 100, with its sign: {@code 0.03 %}; negative means not known. */
  public static String percent(double value) {
    return value < 0 ? NONE : String.format(Locale.ROOT, value < 1 ? "%.2f %%" : "%.1f %%", value);
  }

  /** A plain decimal with two places, such as a load average; negative means not known. */
  public static String decimal(double value) {
    return value < 0 ? NONE : String.format(Locale.ROOT, "%,.2f", value);
  }

  /** Bytes in the largest binary unit that keeps them above one: {@code 1 KiB}, {@code 7.8 GiB}. */
  public static String bytes(long value) {
    if (value < 0) {
      return NONE;
    }
    if (value < KIB) {
      return value + " B";
    }
    String[] units = {"KiB", "MiB", "GiB", "TiB"};
    double scaled = value;
    int unit = -1;
    while (scaled >= KIB && unit < units.length - 1) {
      scaled /= KIB;
      unit++;
    }
    String format = scaled == Math.rint(scaled) ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, scaled, units[unit]);
  }
}
