package io.millrace.chaos.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.chaos.check.Profile;
import io.millrace.chaos.document.DocumentException;
import io.millrace.chaos.inject.KillAim;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.Span;
import org.junit.jupiter.api.Test;

class ScenarioDocumentTest {

  @Test
  void documentSaysServerLoadFaultsPolicyAndProfile() throws DocumentException {
    Scenario scenario =
        ScenarioDocument.parse(
            "mine",
            "mine.yaml",
            """
            intent: To see.
            server: {durability: process-crash, segment-bytes: 65536, checkpoint-bytes: 131072}
            load: {clients: 3, pause-ms: 0, body-bytes: 128, seconds: 7}
            faults:
              - kill: {times: 4, at: roll}
              - pause: {times: 2, ms: [10, 20]}
              - restart-storm: {restarts: 9}
              - same-pid-restart
            policy:
              queues: {"*": {net-reset: 1%}}
            profile: aws-standard
            """);

    assertThat(scenario.intent()).isEqualTo("To see.");
    assertThat(scenario.parts()).hasSize(1);
    Part.Proc part = (Part.Proc) scenario.parts().get(0);
    assertThat(part.title()).isEqualTo("mine");
    assertThat(part.server())
        .isEqualTo(new ServerSetup("process-crash", 65_536, 131_072, ServerSetup.NO_DISK));
    assertThat(part.load()).isEqualTo(new LoadSetup(3, 0, 128, 7));
    assertThat(part.profile()).isEqualTo(Profile.AWS_STANDARD);
    assertThat(part.policy().concerns(Mishap.Layer.NETWORK)).isTrue();
    assertThat(part.faults())
        .containsExactly(
            ProcessFault.of(Mishap.KILL).times(4).at(KillAim.ROLL),
            ProcessFault.of(Mishap.PAUSE).times(2).lasting(new Span(10, 20)),
            ProcessFault.of(Mishap.RESTART_STORM).restarting(9),
            ProcessFault.of(Mishap.SAME_PID_RESTART));
  }

  @Test
  void everyMistakeIsNamedWithItsLineAtOnce() {
    assertThat(
            complaints(
                """
                intent: To see.
                server: {durability: forever}
                load: {clients: 0, client: 3}
                faults:
                  - kil: {times: 4}
                  - kill: {at: noon, ms: 3}
                policy:
                  queues: {"*": {net-rest: 1}}
                """))
        .containsExactly(
            "mine.yaml:2:22: 'forever' is no durability; there are [power-loss, process-crash]",
            "mine.yaml:3:17: '0' is no whole number from 1 to 64",
            "mine.yaml:3:20: load has no 'client'; it has [clients, pause-ms, body-bytes, seconds]",
            "mine.yaml:5:5: 'kil' is no fault of the process; there are [kill, pause,"
                + " restart-storm, same-pid-restart]",
            "mine.yaml:6:16: 'noon' is no moment of a kill; there are [anytime, batch, roll,"
                + " checkpoint, recovery]",
            "mine.yaml:6:22: kill has no 'ms'; it has [times, at]",
            complaints("intent: a\npolicy:\n  queues: {\"*\": {net-rest: 1}}\n")
                .get(0)
                .replace("mine.yaml:3:", "mine.yaml:8:"));
  }

  @Test
  void scenarioWithoutAnyFaultIsNone() {
    assertThat(complaints("intent: To see.\nload: {clients: 2}\n"))
        .containsExactly(
            "mine.yaml:1:1: a scenario has faults or a policy of its own, or power cuts and parts and no more");
  }

  @Test
  void faultsInTheServerAndKillsOfItDoNotGoTogether() {
    assertThat(
            complaints(
                "intent: a\nfaults: [kill]\npolicy:\n  queues: {\"*\": {duplicate-now: 1%}}\n"))
        .singleElement()
        .asString()
        .startsWith("mine.yaml:1:1: what fires in the server");
  }

  @Test
  void partsAreOtherScenariosWithAShareOfTheirFaults() throws DocumentException {
    Scenario scenario =
        ScenarioDocument.parse(
            "mine",
            "mine.yaml",
            """
            intent: All.
            parts:
              - {scenario: crash-storm, share: 2, durability: process-crash}
              - {scenario: clock-jumps}
            """);

    assertThat(scenario.parts())
        .extracting(Part::title)
        .containsExactly("crash-storm-process-crash", "clock-jumps");
    Part.Proc storm = (Part.Proc) scenario.parts().get(0);
    Part.Proc once = (Part.Proc) Scenarios.named("crash-storm").parts().get(0);
    assertThat(storm.server().durability()).isEqualTo("process-crash");
    assertThat(storm.faults().get(0).times()).isEqualTo(2 * once.faults().get(0).times());
  }

  @Test
  void partThatIsNoScenarioIsNamed() {
    assertThat(complaints("intent: All.\nparts:\n  - {scenario: crash-stork}\n"))
        .singleElement()
        .asString()
        .startsWith("mine.yaml:3:5: 'crash-stork' is no scenario; there are [crash-storm");
  }

  @Test
  void everyScenarioOfTheLabIsOne() {
    for (String name : Scenarios.names()) {
      Scenario scenario = Scenarios.named(name);

      assertThat(scenario.intent()).as(name).isNotBlank();
      assertThat(scenario.parts()).as(name).isNotEmpty();
    }
  }

  private static java.util.List<String> complaints(String text) {
    DocumentException refused =
        catchThrowableOfType(
            DocumentException.class, () -> ScenarioDocument.parse("mine", "mine.yaml", text));
    assertThat(refused).as(text).isNotNull();
    return refused.complaints();
  }
}
