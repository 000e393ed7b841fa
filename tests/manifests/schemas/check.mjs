// Checks Kubernetes objects the way `kubectl apply --validate=strict` does: fields that the published schema does not
// know are errors. Reads a JSON list of objects from standard input, and writes a JSON list with the problems of each.
//
// The pinned packages have each schema twice: as a type, by which TypeScript finds unknown, missing and mistyped
// fields, and as a compiled validator, which knows patterns, lengths and ranges.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

// API group to package; kinds that we describe ourselves come from a file beside this one.
const PACKAGES = {
  "extensions.istio.io": "@kubernetes-models/istio",
  "networking.istio.io": "@kubernetes-models/istio",
  "security.istio.io": "@kubernetes-models/istio",
  "gateway.envoyproxy.io": "@kubernetes-models/envoy-gateway",
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
};

// For those, what a type cannot say: where a value is, and what it has to look like.
const OWN = {
  "extensions.istio.io/v1alpha1/TrafficExtension": [
    [["spec", "wasm", "url"], /^((oci|https?):\/\/[^:/]|file:\/\/\/|[^:/]+(:[\w.-]+)?(\/|$))/],
    [["spec", "wasm", "sha256"], /^([a-f0-9]{64})?$/],
    [["spec", "wasm", "pluginName"], /^.{1,256}$/],
    [["spec", "wasm", "imagePullSecret"], /^.{1,253}$/],
  ],
};

/** Where an object's schema is: `{ module, patterns }`, or undefined for a kind that nobody describes. */
function schemaOf({ apiVersion, kind }) {
  const patterns = OWN[`${apiVersion}/${kind}`];
  if (patterns) return { module: `../../${kind}.js`, patterns };
  const [group] = String(apiVersion).split("/");
  return PACKAGES[group] && { module: `${PACKAGES[group]}/${apiVersion}` };
}

/** What TypeScript says: a list of messages for each object. */
function typeProblems(objects, folder) {
  const lines = objects.map((object, i) => {
    const schema = schemaOf(object);
    if (!schema) return "";
    const type = `import("${schema.module}").I${object.kind}`;
    return `export const object${i}: ${type} = ${JSON.stringify(object)};`;
  });
  const file = join(folder, "objects.ts");
  writeFileSync(file, lines.join("\n") + "\n");
  const compiler = join(here, "node_modules", ".bin", "tsc");
  const problems = objects.map(() => []);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"];
  try {
    execFileSync(compiler, [...options, file], { encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const output = `${error.stdout ?? ""}`;
    let matched = false;
    for (const [, line, message] of output.matchAll(/objects\.ts\((\d+),\d+\): error TS\d+: (.*)/g)) {
      problems[line - 1].push(message);
      matched = true;
    }
    // Anything else is a fault of this program or of the packages, not of the objects.
    if (!matched) throw new Error(output || String(error));
  }
  return problems;
}

/** What the compiled validator of a package says, or the patterns of our own. */
async function valueProblems(object) {
  const schema = schemaOf(object);
  if (schema?.patterns) return schema.patterns.flatMap(([path, pattern]) => {
    const value = path.reduce((inner, key) => inner?.[key], object);
    return value === undefined || pattern.test(value) ? [] : [`${path.join(".")} does not match ${pattern}`];
  });
  const Model = schema && (await import(schema.module))[object.kind];
  if (!Model) return [`no schema for ${object.apiVersion} ${object.kind}`];
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

const objects = JSON.parse(readFileSync(0, "utf8"));
// Beside node_modules, so that the compiler finds the packages.
const folder = mkdtempSync(join(here, "node_modules", "objects-"));
try {
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  const types = typeProblems(objects, folder);
  const values = await Promise.all(objects.map(valueProblems));
  process.stdout.write(JSON.stringify(objects.map((_, i) => [...types[i], ...values[i]])));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
