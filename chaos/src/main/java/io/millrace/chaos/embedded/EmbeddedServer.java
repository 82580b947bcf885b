package io.millrace.chaos.embedded;

import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.Done;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.Session;
import io.millrace.chaos.client.Target;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.shard.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** An engine of its own in this process, as a target that is closed with it. */
public final class EmbeddedServer implements Target {

  private final Engine engine;
  private final Target target;

  private EmbeddedServer(Engine engine, Target target) {
    this.engine = engine;
    this.target = target;
  }

  /**
   * Opens an engine.
   *
   * @param data its data directory
   * @param durability its level, {@code power-loss} or {@code process-crash}
   * @param survival what it declares by that
   * @param answerTimeout how long an answer may take, long polls included
   * @throws IOException if the engine cannot be opened
   */
  public static Target open(Path data, String durability, Survival survival, Duration answerTimeout)
      throws IOException {
    Engine engine =
        Engine.open(EngineConfig.at(data).withDurability(Durability.labelled(durability)));
    Caps caps = Caps.everything("embedded at " + durability, survival);
    return new EmbeddedServer(engine, new EmbeddedTarget(engine, caps, answerTimeout));
  }

  @Override
  public Caps caps() {
    return target.caps();
  }

  @Override
  public Outcome<Done> createQueue(String name, QueueSettings settings, String deadLetters) {
    return target.createQueue(name, settings, deadLetters);
  }

  @Override
  public Outcome<Done> setSettings(String name, QueueSettings settings, String deadLetters) {
    return target.setSettings(name, settings, deadLetters);
  }

  @Override
  public Outcome<Done> deleteQueue(String name) {
    return target.deleteQueue(name);
  }

  @Override
  public Session session(String name) {
    return target.session(name);
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException if the engine does not close cleanly
   */
  @Override
  public void close() {
    target.close();
    try {
      engine.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded engine does not close cleanly", e);
    }
  }
}
