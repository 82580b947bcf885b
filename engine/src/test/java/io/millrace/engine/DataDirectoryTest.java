package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.ForwardingStorage;
import io.millrace.engine.journal.StorageFile;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A directory's own name is lost in a power cut like any other, with all that is below it. */
@Timeout(60)
class DataDirectoryTest {

  @TempDir Path directory;

  /** Knows the directories whose names were not forced since they were made. */
  private static final class NamesWatched extends ForwardingStorage {

    private final Set<Path> unforced = ConcurrentHashMap.newKeySet();

    NamesWatched() {
      super(new FileStorage());
    }

    @Override
    protected StorageFile wrap(StorageFile file) {
      return file;
    }

    @Override
    public void createDirectories(Path made) throws IOException {
      for (Path path = made; path != null && !Files.exists(path); path = path.getParent()) {
        unforced.add(path);
      }
      super.createDirectories(made);
    }

    @Override
    public void forceDirectory(Path forced) throws IOException {
      super.forceDirectory(forced);
      unforced.removeIf(path -> forced.equals(path.getParent()));
    }
  }

  @Test
  void theNamesOfNewDirectoriesAreForcedBeforeAnythingIsAcknowledged() throws IOException {
    NamesWatched storage = new NamesWatched();
    Path data = directory.resolve("not").resolve("there");

    try (Engine engine = Engine.open(EngineConfig.at(data).withStorage(storage))) {
      Reply reply =
          engine
              .submit(new Request.CreateQueue(Caller.LOCAL, new QueueName("orders"), Map.of()))
              .orTimeout(20, TimeUnit.SECONDS)
              .join();

      assertThat(reply).isInstanceOf(Reply.QueueNamed.class);
      assertThat(storage.unforced).isEmpty();
    }
  }

  @Test
  void aStartThatDiedBeforeItsDirectoryWasForcedIsMadeUpForByTheNext() throws IOException {
    NamesWatched storage = new NamesWatched();
    Path data = directory.resolve("there");
    storage.createDirectories(data);

    Engine.open(EngineConfig.at(data).withStorage(storage)).close();

    assertThat(storage.unforced).isEmpty();
  }
}
