import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { parseServiceSettings } from "../src/apps/service/settings/settings.ts";
import { here } from "./apps/cli/inProcess.ts";
import { anIntake } from "./apps/service/intake/anIntake.ts";
import { peer } from "./imaging/formats/dicom/write/peers.ts";

const deploy = resolve(import.meta.dirname, "../deploy");
const text = (name: string) => readFileSync(join(deploy, name), "utf8");
const folder = mkdtempSync(join(tmpdir(), "trinephron-deploy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own
  readonly [part: string]: any;
}
const resources = parseAllDocuments(text("kubernetes.yaml")).map((document) => {
  expect(document.errors).toEqual([]);
  return document.toJS() as Resource;
});
const named = (kind: string, name: string) =>
  resources.find((each) => each.kind === kind && each.metadata.name === name);
const compose = parse(text("compose.yaml"), { merge: true }) as {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

test.each([
  ["settings.json", text("settings.json")],
  ["kubernetes.yaml", named("ConfigMap", "settings")?.data["settings.json"]],
])("settings of %s are those of the service", (name, settings) => {
  expect(parseServiceSettings(JSON.parse(settings), name)).toMatchObject({ workers: 1 });
});

/** Command lines of the program: its name is left out. */
const commands: [string, string[]][] = [
  ...Object.entries(compose.services).flatMap(([name, { command }]): [string, string[]][] =>
    command === undefined ? [] : [[`compose.yaml, ${name}`, command as string[]]],
  ),
  ...resources.flatMap(({ kind, metadata, spec }): [string, string[]][] =>
    kind === "Deployment"
      ? [[`kubernetes.yaml, ${metadata.name}`, spec.template.spec.containers[0].args]]
      : [],
  ),
  ...readdirSync(deploy)
    .filter((name) => name.endsWith(".service"))
    .map((name): [string, string[]] => [name, /^ExecStart=\S+ \S+ (.*)$/m.exec(text(name))![1].split(" ")]),
  ["Containerfile", JSON.parse(/^CMD (\[.*\])$/m.exec(text("Containerfile"))![1])],
];
test.each(commands)("%s: the command has options that exist", async (_, [name, ...words]) => {
  const known = new Set((await here(name, "--help")).stdout.match(/--[a-z-]+/g));
  expect(words.length).toBeGreaterThan(0);
  expect(words.filter((word) => word.startsWith("--") && !known.has(word))).toEqual([]);
});

test("services of compose.yaml have images, and volumes and services that they name are there", () => {
  for (const [name, { image, volumes = [], depends_on = {} }] of Object.entries(compose.services)) {
    expect(image, name).toMatch(/^[a-z/]+(:[\d.]+)?$/);
    for (const other of Object.keys(depends_on as object)) expect(compose.services).toHaveProperty(other);
    for (const volume of volumes as string[])
      if (/^[a-z]/.test(volume)) expect(compose.volumes).toHaveProperty(volume.split(":")[0]);
  }
});

describe("kubernetes.yaml", () => {
  test("has resources of one namespace, each once", () => {
    const all = resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(all).size).toBe(all.length);
    for (const { apiVersion, kind, metadata } of resources) {
      expect(apiVersion).toMatch(/^(v1|apps\/v1|keda\.sh\/v1alpha1)$/);
      if (kind !== "Namespace") expect(metadata.namespace).toBe("trinephron");
    }
  });

  test("names only what is there", () => {
    for (const { spec } of resources.filter(({ kind }) => kind === "Deployment")) {
      const { containers, volumes } = spec.template.spec;
      expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
      for (const { configMap, persistentVolumeClaim } of volumes) {
        if (configMap) expect(named("ConfigMap", configMap.name)).toBeDefined();
        if (persistentVolumeClaim)
          expect(named("PersistentVolumeClaim", persistentVolumeClaim.claimName)).toBeDefined();
      }
      for (const { envFrom, volumeMounts } of containers) {
        for (const { secretRef } of envFrom) expect(named("Secret", secretRef.name)).toBeDefined();
        const names = volumes.map(({ name }: { name: string }) => name);
        for (const { name } of volumeMounts) expect(names).toContain(name);
      }
    }
    const { spec } = named("ScaledObject", "work")!;
    expect(named("Deployment", spec.scaleTargetRef.name)).toBeDefined();
    expect(named("TriggerAuthentication", spec.triggers[0].authenticationRef.name)).toBeDefined();
    const { selector, ports } = named("Service", "dicom")!.spec;
    const { template } = named("Deployment", "serve")!.spec;
    expect(template.metadata.labels).toEqual(selector);
    expect(template.spec.containers[0].ports[0].name).toBe(ports[0].targetPort);
  });

  test("scales by a query that the tables answer with a number", async () => {
    const { database } = (await anIntake()).intake;
    await database.query(
      "insert into trinephron.studies (study_uid, state) values ('1.2', 'queued'), ('1.3', 'reading'), ('1.4', 'answered')",
    );
    const { query } = named("ScaledObject", "work")!.spec.triggers[0].metadata;
    expect(await database.query(query)).toEqual([{ count: 2 }]);
  });
});

test.skipIf(!peer("systemd-analyze")).each(["trinephron.service", "trinephron-work@.service"])(
  "%s is a unit as systemd wants it",
  (name) => {
    const path = join(folder, name);
    // The program stands elsewhere here.
    writeFileSync(path, text(name).replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
    const unit = path.replace("@.", "@1.");
    if (unit !== path) writeFileSync(unit, readFileSync(path));
    const { stdout, stderr, status } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
    const told = `${stdout}${stderr}`.split("\n").filter((line) => line.includes(name.split("@")[0]));
    expect([status, told]).toEqual([0, []]);
  },
);
