package io.millrace.dashboards;

import static io.millrace.dashboards.Panel.areas;
import static io.millrace.dashboards.Panel.lines;
import static io.millrace.dashboards.Panel.stat;
import static io.millrace.dashboards.Query.metric;
import static io.millrace.dashboards.Query.rate;
import static io.millrace.dashboards.Query.rateBy;
import static io.millrace.dashboards.Query.sum;
import static io.millrace.dashboards.Query.sumBy;

import io.millrace.dashboards.Dashboard.Row;
import io.millrace.dashboards.Panel.Target;
import io.millrace.engine.telemetry.MetricNames;
import java.util.List;

/** The process and its JVM by use, saturation and errors. */
final class JvmDashboard {

  private JvmDashboard() {}

  static Dashboard build() {
    return Dashboard.ofServers(
        "jvm",
        "JVM and host",
        "Memory, collections, safepoints, threads and files of the server's process.",
        List.of(),
        List.of(
            new Row("", 4, List.of(cpu(), heapShare(), pauseShare(), files())),
            new Row("Pauses", 8, List.of(safepoints(), collections())),
            new Row("Memory", 8, List.of(heap(), allocation())),
            new Row("", 8, List.of(resident(), buffers())),
            new Row("Threads and processor", 8, List.of(threads(), cpuTime()))));
  }

  private static Panel cpu() {
    return stat("CPU", "short", new Target(rate("process_cpu_seconds_total"), "cores"))
        .means("Processors the server keeps busy.")
        .whatToDo("near the host's count, latency rises: fewer neighbours or more processors.")
        .decimals(2);
  }

  private static Panel heapShare() {
    return stat(
            "Heap used",
            "percentunit",
            new Target(
                "max("
                    + metric("jvm_memory_used_bytes", "area=\"heap\"")
                    + " / "
                    + metric("jvm_memory_max_bytes", "area=\"heap\"")
                    + ")",
                "used"))
        .means("Share of the largest heap that is used, garbage included.")
        .whatToDo("above 90 % after a collection, raise -Xmx; the backlog does not need heap.")
        .watchFrom(0.9)
        .badFrom(0.97);
  }

  private static Panel pauseShare() {
    return stat(
            "Standing still",
            "percentunit",
            new Target(rate(MetricNames.SAFEPOINT_TIME), "share of time"))
        .means("Share of time in which all threads stood still, for whatever reason.")
        .whatToDo("above 1 %, see which collections; else take a recording with JFR.")
        .watchFrom(0.01)
        .badFrom(0.05);
  }

  private static Panel files() {
    return stat(
            "Files open",
            "percentunit",
            new Target(
                "max(" + metric("process_open_fds") + " / " + metric("process_max_fds") + ")",
                "share of the limit"))
        .means("Open files and sockets as a share of the process's limit.")
        .whatToDo("raise `ulimit -n`, or find who leaves connections open.")
        .watchFrom(0.7)
        .badFrom(0.9);
  }

  private static Panel safepoints() {
    return lines(
            "Safepoints, time a second",
            "s",
            new Target(rate(MetricNames.SAFEPOINT_TIME), "standing still"),
            new Target(rate(MetricNames.SAFEPOINT_SYNC_TIME), "until all stood"))
        .means("Seconds a second that all threads stood still, in whole milliseconds.")
        .whatToDo("a long way until all stood: a thread was in a page fault or a long loop.");
  }

  private static Panel collections() {
    return lines(
            "Collections, time a second",
            "s",
            new Target(rateBy("gc", "jvm_gc_collection_seconds_sum"), "{{gc}}"),
            new Target(rate(MetricNames.SAFEPOINTS) + " * 0.001", "safepoints, in thousands"))
        .means("Seconds a second spent collecting, by collector, and how often threads stopped.")
        .whatToDo("old-generation collections under load: the heap is too small.");
  }

  private static Panel heap() {
    return areas(
            "Heap and beside it",
            "bytes",
            new Target(sumBy("area", "jvm_memory_used_bytes"), "{{area}}"))
        .means("Memory the JVM uses, by area.")
        .whatToDo("a saw-tooth is healthy; a rising floor is a leak or more in flight.");
  }

  private static Panel allocation() {
    return lines(
            "Allocation",
            "Bps",
            new Target(rate("jvm_memory_pool_allocated_bytes_total"), "allocated"))
        .means("Bytes allocated a second, known after each collection.")
        .whatToDo("compare with the request rate: a request costs about a kilobyte.")
        .whenEmpty("no collection yet");
  }

  private static Panel resident() {
    return lines(
            "Resident memory",
            "bytes",
            new Target(sum("process_resident_memory_bytes"), "resident"),
            new Target(sum(MetricNames.MAPPED_FILE_BYTES), "mapped files"))
        .means("Memory of the process, and the part of it that is mapped files.")
        .whatToDo("mapped files are given up under pressure: they are no leak.")
        .whenEmpty("only Linux tells");
  }

  private static Panel buffers() {
    return lines(
            "Buffers outside the heap",
            "bytes",
            new Target(sumBy("pool", "jvm_buffer_pool_used_bytes"), "{{pool}}"))
        .means("Direct and mapped buffers the JVM knows of.")
        .whatToDo("direct ones that only grow: connections that do not take their answers.");
  }

  private static Panel threads() {
    return lines(
            "Threads by state",
            "short",
            new Target(sumBy("state", "jvm_threads_state") + " > 0", "{{state}}"))
        .means("Threads of the server; none of its own spins.")
        .whatToDo("a growing number is a leak; many BLOCKED ones, take a thread dump.");
  }

  private static Panel cpuTime() {
    return lines(
            "CPU and context of the load",
            "short",
            new Target(rate("process_cpu_seconds_total"), "cores busy"),
            new Target(rate(MetricNames.API_REQUESTS) + " / 10000", "requests a second / 10,000"))
        .means("Processors busy, beside the load that keeps them so.")
        .whatToDo("CPU up with flat load: look for collections, or take a profile.");
  }
}
