package io.millrace.reports.platform;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What may be said of a machine in public: flags and options without paths, names, addresses or
 * secrets. What is left out leaves an ellipsis, so that a reader sees that something was there.
 */
final class Discreet {
  private static final String LEFT_OUT = "…";

  /** An absolute path, a home or an argument file, at the start of a value. */
  private static final Pattern PATH =
      Pattern.compile("(^|[=:,;@])(?:[/~@]|\\.\\.?[/\\\\]|[A-Za-z]:[/\\\\]|\\\\\\\\).*");

  private static final Pattern HARMLESS_PROPERTY_VALUE =
      Pattern.compile("true|false|-?[0-9.]+[kmgKMG]?|ALL-UNNAMED|UTF-8");

  /** Mount options whose value says how the file system behaves and not where it is. */
  private static final Set<String> MOUNT_OPTIONS_WITH_VALUE =
      Set.of(
          "barrier",
          "commit",
          "compress",
          "data",
          "errors",
          "huge",
          "journal_async_commit",
          "logbsize",
          "logbufs",
          "nr_inodes",
          "proto",
          "rsize",
          "size",
          "stripe",
          "sunit",
          "swidth",
          "timeo",
          "vers",
          "wsize");

  private Discreet() {}

  /** JVM flags; a system property keeps its value only when that is a number or a plain word. */
  static List<String> flags(List<String> flags) {
    return flags.stream().map(Discreet::flag).toList();
  }

  /** Mount options: bare words, and values of those known to be harmless. */
  static List<String> mountOptions(List<String> options) {
    return options.stream().map(Discreet::mountOption).distinct().toList();
  }

  private static String flag(String flag) {
    if (flag.startsWith("-D")) {
      int equals = flag.indexOf('=');
      return equals < 0 || HARMLESS_PROPERTY_VALUE.matcher(flag.substring(equals + 1)).matches()
          ? flag
          : flag.substring(0, equals + 1) + LEFT_OUT;
    }
    return PATH.matcher(flag).replaceFirst("$1" + LEFT_OUT);
  }

  private static String mountOption(String option) {
    int equals = option.indexOf('=');
    if (equals < 0) {
      return option.contains("/") ? LEFT_OUT : option;
    }
    String name = option.substring(0, equals).toLowerCase(Locale.ROOT);
    return MOUNT_OPTIONS_WITH_VALUE.contains(name) && !option.contains("/")
        ? option
        : option.substring(0, equals + 1) + LEFT_OUT;
  }
}
