// Holds each dashboard of a folder to Grafana's type: writes it as a TypeScript constant and has tsc
// judge. A literal's strings keep their values there, which those of an imported JSON file do not.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const dashboards = process.argv[2] ?? join(here, "..", "grafana", "dashboards");
const generated = join(here, "generated");
rmSync(generated, { recursive: true, force: true });
mkdirSync(generated);
const files = readdirSync(dashboards).filter((name) => name.endsWith(".json")).sort();
for (const file of files) {
  const text = readFileSync(join(dashboards, file), "utf8").trim();
  writeFileSync(
    join(generated, file.replace(/\.json$/, ".ts")),
    `import type { ClassicDashboard } from "../dashboard";\n\n` +
      `export const dashboard: ClassicDashboard = ${text};\n`,
  );
}
const tsc = join(here, "node_modules", "typescript", "bin", "tsc");
const judged = spawnSync(process.execPath, [tsc, "-p", here], { stdio: "inherit" });
console.log(`${files.length} dashboards judged`);
process.exit(judged.status ?? 1);
