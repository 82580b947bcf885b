package io.millrace.engine.telemetry;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;

/**
 * HotSpot's count of safepoints. The bean that has it is internal to the JDK and known by name only
 * (JDK 17 to 25 have it), hence the reflection; it costs nothing while nobody asks, unlike a
 * recording of events.
 */
final class Safepoints {

  private static final MethodType NUMBER = MethodType.methodType(long.class);

  private final MethodHandle count;
  private final MethodHandle totalMs;
  private final MethodHandle syncMs;

  private Safepoints(MethodHandle count, MethodHandle totalMs, MethodHandle syncMs) {
    this.count = count;
    this.totalMs = totalMs;
    this.syncMs = syncMs;
  }

  /** Those of this JVM; none where it has no such bean or does not export it to us. */
  static Optional<Safepoints> ofThisJvm() {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Class<?> type = Class.forName("sun.management.HotspotRuntimeMBean");
      Class<?> factory = Class.forName("sun.management.ManagementFactoryHelper");
      Object bean = factory.getMethod("getHotspotRuntimeMBean").invoke(null);
      return Optional.of(
          new Safepoints(
              lookup.findVirtual(type, "getSafepointCount", NUMBER).bindTo(bean),
              lookup.findVirtual(type, "getTotalSafepointTime", NUMBER).bindTo(bean),
              lookup.findVirtual(type, "getSafepointSyncTime", NUMBER).bindTo(bean)));
    } catch (ReflectiveOperationException notHere) {
      return Optional.empty();
    }
  }

  long count() {
    return ask(count);
  }

  /** Milliseconds all threads stood still, since the JVM's start. */
  long totalMs() {
    return ask(totalMs);
  }

  /** Milliseconds until they did. */
  long syncMs() {
    return ask(syncMs);
  }

  private static long ask(MethodHandle number) {
    try {
      return (long) number.invoke();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("the bean throws nothing checked", e);
    }
  }
}
