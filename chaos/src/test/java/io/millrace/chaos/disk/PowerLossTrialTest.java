package io.millrace.chaos.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.disk.Device.ForceFate;
import io.millrace.chaos.history.FaultKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Power cuts leave the engine nothing to be ashamed of, and what would be one is found: planted
 * defects sit below the engine, where a storage would have them.
 */
@Timeout(300)
class PowerLossTrialTest {

  private static final long SEED = 20_261;

  /** A defect has so many images to show in. */
  private static final int IMAGES_MAX = 200;

  @TempDir Path directory;

  private PowerLossPlan plan(long seed, int images, CrashProfile profile) {
    return new PowerLossPlan(seed, images, profile, directory);
  }

  @ParameterizedTest
  @EnumSource
  void everyImageOpensAndHoldsWhatWasAcknowledged(CrashProfile profile) throws IOException {
    PowerLossResult result = PowerLossTrial.run(plan(SEED, 25, profile), TrialSink.NONE);

    assertThat(result.failures()).as("%s", DiskReport.lines(result)).isEmpty();
    assertThat(result.isValid()).isTrue();
    assertThat(result.byStrategy()).hasSize(PageStrategy.values().length);
    assertThat(result.faults()).containsKey(FaultKind.POWER_CUT);
    assertThat(result.tailLost()).as("unacknowledged sends that a cut took").isPositive();
  }

  /** A storage that is not what it says, or an engine that forces too little: it is the same. */
  enum Defect {
    NO_NAME_IS_EVER_FORCED {
      @Override
      Device device() {
        return losing(path -> !isFile(path));
      }
    },
    NO_SEGMENT_NAME_IS_FORCED {
      @Override
      Device device() {
        return losing(path -> nameOf(path).matches("[0-9a-f]{8}"));
      }
    },
    EVERY_REPLY_COMES_BEFORE_ITS_FORCE {
      @Override
      Device device() {
        return losing(Defect::isSegment);
      }
    },
    EVERY_SECOND_REPLY_COMES_BEFORE_ITS_FORCE {
      @Override
      Device device() {
        AtomicInteger forces = new AtomicInteger();
        return losing(path -> isSegment(path) && forces.incrementAndGet() % 2 == 0);
      }
    },
    A_FORCE_COVERS_THE_FIRST_PAGES_ONLY {
      @Override
      Device device() {
        ForceFate partial = new ForceFate(Device.Ending.SUCCEEDS, 4, Duration.ZERO);
        return path -> isSegment(path) ? partial : ForceFate.SUCCEEDS;
      }
    },
    A_NEW_SEGMENT_IS_NOT_FORCED_AT_FIRST {
      @Override
      Device device() {
        Set<Path> forced = ConcurrentHashMap.newKeySet();
        return losing(path -> isSegment(path) && forced.add(path));
      }
    },
    THE_BACKLOG_IS_NOT_FORCED_BEFORE_ITS_CHECKPOINT {
      @Override
      Device device() {
        return losing(path -> nameOf(path).equals("backlog"));
      }
    },
    THE_MANIFEST_IS_NOT_FORCED {
      @Override
      Device device() {
        return losing(path -> nameOf(path).startsWith("manifest"));
      }
    },
    CHECKPOINTS_ARE_NOT_FORCED_BEFORE_SEGMENTS_ARE_DROPPED {
      @Override
      Device device() {
        return losing(path -> nameOf(path).startsWith("checkpoint-"));
      }
    };

    /** The device that behaves so; a new one for each trial. */
    abstract Device device();

    private static Device losing(Predicate<Path> which) {
      return path -> which.test(path) ? ForceFate.IS_LOST : ForceFate.SUCCEEDS;
    }

    private static String nameOf(Path path) {
      return String.valueOf(path.getFileName());
    }

    private static boolean isSegment(Path path) {
      return path.toString().endsWith(".cq4");
    }

    private static boolean isFile(Path path) {
      String name = nameOf(path);
      return isSegment(path)
          || name.startsWith("checkpoint-")
          || name.startsWith("manifest")
          || name.startsWith("receipt-key")
          || name.equals("backlog");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPlantedDefectShowsInTheImages(Defect defect) throws IOException {
    FirstFailure first = new FirstFailure();

    PowerLossResult result =
        PowerLossTrial.run(plan(SEED, IMAGES_MAX, CrashProfile.POSIX), first, defect.device());

    assertThat(result.failures()).as("%s", DiskReport.lines(result)).isNotEmpty();
    assertThat(result.failures().get(0).evidence()).isNotEmptyDirectory();
  }

  /** Ends a trial at its first failure. */
  private static final class FirstFailure implements TrialSink {

    private boolean failed;

    @Override
    public void judged(int done, int planned) {
      // The number is in the result.
    }

    @Override
    public void failed(ImageFailure failure) {
      failed = true;
    }

    @Override
    public boolean goesOn() {
      return !failed;
    }
  }
}
