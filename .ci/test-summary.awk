# Reads the launcher's own test results and Surefire's XML reports of every leg, and prints what failed
# with the end of its output, each skipped test with its reason, and the counts. The last line is the
# one that machines read. Fails when a test failed or none passed.
#
# Variables: home, the prefix to leave out of file names; verified, the status of the build; notes, a leg that was skipped as a whole;
# skipped_file, where each skip goes as "test: reason".

FNR == 1 {
  leg = FILENAME ~ /-jdk25\// ? " (JDK 25)" : ""
  in_xml = FILENAME ~ /\.xml$/
}

!in_xml && /^ok / { passed++ }
!in_xml && /^not ok / { failed++; print "FAILED launcher: " substr($0, 8) }
!in_xml && /^skip / { skip("launcher: " substr($0, 6)) }
!in_xml { next }

# A case stands on a line of its own; its outcome, if it is not "passed", on the next ones.
/^  <testcase / {
  test = attribute("classname") "." attribute("name") leg
  sub(/^io\.millrace\./, "", test)
  tests++
  passed++
}

/^    <skipped message=/ {
  passed--
  skip(test ": " attribute("message"))
}

# An assumption's message follows its exception's name, up to the stack trace.
/^    <skipped type=/ {
  passed--
  reason = $0
  sub(/.*<!\[CDATA\[[^ ]*: */, "", reason)
  while (reason !~ /\]\]>/ && (getline line) > 0 && line !~ /^[ \t]+at /) reason = reason " " line
  sub(/\]\]>.*/, "", reason)
  gsub(/[ \t]+/, " ", reason)
  sub(/^ ?([Aa]ssumption (failed|was not met due to): )?/, "", reason)
  skip(test ": " reason)
}

/^    <(failure|error)[ >\/]/ && test != counted {
  counted = test
  passed--
  failed++
  print "FAILED " test ": " attribute("message")
  output = FILENAME
  sub(/\/TEST-/, "/", output)
  sub(/\.xml$/, "-output.txt", output)
  show_end(output)
}

END {
  if (notes != "") skip(notes)
  if (verified != 0 && failed == 0) {
    failed++
    print "FAILED the build: it ended with an error that is no test\047s; see above"
  }
  for (i = 1; i <= skipped; i++) print "skipped " skips[i]
  printf "" > skipped_file
  for (i = 1; i <= skipped; i++) print skips[i] > skipped_file
  printf "Tests: %d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit (failed > 0 || passed == 0)
}

function skip(text) {
  skips[++skipped] = text
}

function attribute(name,    value) {
  if (!match($0, " " name "=\"[^\"]*\"")) return ""
  value = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  gsub(/&#10;/, " ", value)
  gsub(/&quot;/, "\"", value)
  gsub(/&apos;/, "'", value)
  gsub(/&lt;/, "<", value)
  gsub(/&gt;/, ">", value)
  gsub(/&amp;/, "\\&", value)
  return value
}

function show_end(file,    line, lines, kept, i) {
  while ((getline line < file) > 0) kept[++lines % 40] = line
  close(file)
  if (lines == 0) return
  name = file
  sub("^" home, "", name)
  print "  the end of " name ":"
  for (i = lines > 40 ? lines - 39 : 1; i <= lines; i++) print "  | " kept[i % 40]
}
