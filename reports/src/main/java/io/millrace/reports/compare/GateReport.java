package io.millrace.reports.compare;

import io.millrace.reports.record.Figures;
import java.io.StringWriter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A gate for those who read it: a build server (JUnit's XML) and a reviewer (Markdown). */
public final class GateReport {
  private static final String SUITE = "millrace report gate";

  private GateReport() {}

  /**
   * A test case a check: a failure for FAIL, an error for UNKNOWN, skipped for INCONCLUSIVE, each
   * with its sentence.
   */
  public static String junitXml(Gate gate) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", SUITE);
      xml.writeAttribute("tests", Integer.toString(gate.checks().size()));
      xml.writeAttribute("failures", count(gate, Gate.Outcome.FAIL));
      xml.writeAttribute("errors", count(gate, Gate.Outcome.UNKNOWN));
      xml.writeAttribute("skipped", count(gate, Gate.Outcome.INCONCLUSIVE));
      for (Gate.Check check : gate.checks()) {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", SUITE);
        xml.writeAttribute("name", check.name());
        switch (check.outcome()) {
          case FAIL -> writeMessage(xml, "failure", check.sentence());
          case UNKNOWN -> writeMessage(xml, "error", check.sentence());
          case INCONCLUSIVE -> writeMessage(xml, "skipped", check.sentence());
          case PASS -> {
            xml.writeStartElement("system-out");
            xml.writeCharacters(check.sentence());
            xml.writeEndElement();
          }
        }
        xml.writeEndElement();
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new AssertionError("a string takes what is written", e);
    }
    return text + "\n";
  }

  /** A heading, the checks that did not pass, and the comparison as a table. */
  public static String markdown(Gate gate) {
    StringBuilder text = new StringBuilder();
    text.append("## Millrace: ").append(gate.outcome()).append("\n\n");
    text.append(cell(gate.comparison().b().name()))
        .append(" against ")
        .append(cell(gate.comparison().a().name()))
        .append(". ")
        .append(Figures.count(gate.checks().stream().filter(GateReport::passed).count()))
        .append(" of ")
        .append(Figures.count(gate.checks().size()))
        .append(" checks passed.\n\n");
    gate.checks().stream()
        .filter(check -> !passed(check))
        .forEach(
            check ->
                text.append("- **")
                    .append(check.outcome())
                    .append("** ")
                    .append(cell(check.name()))
                    .append(": ")
                    .append(cell(check.sentence()))
                    .append('\n'));
    text.append("\n| figure | before | now | now / before | 95 % interval | |\n");
    text.append("|---|---:|---:|---:|---:|---|\n");
    for (Comparison.Row row : gate.comparison().rows()) {
      text.append("| ")
          .append(
              String.join(
                  " | ",
                  cell(row.name()),
                  Figures.ms(row.a()),
                  Figures.ms(row.b()),
                  Comparison.ratio(row.ratio()),
                  row.range(),
                  row.outcome().name().toLowerCase(Locale.ROOT)))
          .append(" |\n");
    }
    text.append("\nInterval ")
        .append(gate.comparison().method())
        .append("; threshold ")
        .append(Figures.percent(gate.comparison().threshold() * 100))
        .append(".\n");
    return text.toString();
  }

  private static void writeMessage(XMLStreamWriter xml, String element, String message)
      throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("message", message);
    xml.writeEndElement();
  }

  private static String count(Gate gate, Gate.Outcome outcome) {
    return Long.toString(
        gate.checks().stream().filter(check -> check.outcome() == outcome).count());
  }

  private static boolean passed(Gate.Check check) {
    return check.outcome() == Gate.Outcome.PASS;
  }

  /** A table's cell ends at a bar, and a sentence at its line's end; markup stays what it says. */
  private static String cell(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replaceAll("\\s+", " ");
  }
}
