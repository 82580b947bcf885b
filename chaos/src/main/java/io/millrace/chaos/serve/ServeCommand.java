package io.millrace.chaos.serve;

import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.PolicyDocument;
import io.millrace.chaos.policy.PolicyException;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.ServerMain;
import io.millrace.engine.Serving;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace serve --chaos FILE}: a server whose queues misbehave as the file says. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Serves durable queues to any AWS SDK, with faults on purpose, until it is told to stop.",
      "The faults can be read and replaced at the admin port: GET, PUT, DELETE /chaos."
    })
public final class ServeCommand extends ServerMain {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--chaos",
      paramLabel = "FILE",
      description = "what goes wrong, as YAML or JSON; without it nothing does until PUT /chaos")
  private Optional<Path> chaos = Optional.empty();

  @Option(
      names = "--without-proxy",
      description = "no proxy before the endpoint: one hop less, and no faults of the network")
  private boolean withoutProxy;

  private ServeCommand() {}

  /** Runs the verb; arguments may start with {@code serve}. */
  public static void main(String[] args) {
    run(new ServeCommand(), args);
  }

  @Override
  protected Serving open(ServerConfig config) throws IOException {
    return ChaosServer.open(config, policy(), !withoutProxy);
  }

  private ChaosPolicy policy() throws IOException {
    if (chaos.isEmpty()) {
      return ChaosPolicy.NONE;
    }
    try {
      return PolicyDocument.read(chaos.get());
    } catch (NoSuchFileException e) {
      throw new ParameterException(spec.commandLine(), "--chaos: no such file: " + chaos.get(), e);
    } catch (PolicyException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
