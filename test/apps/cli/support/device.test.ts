import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listSupportedBackends } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { compile, devices, input, relu } from "../../../../src/numerics/graph/index.ts";
import { chooseDevice } from "../../../../src/numerics/graph/run/chooseDevice.ts";
import { here } from "../inProcess.ts";
import { expectRefused, settingsFile, temporaryFolder, tinyTables } from "../tinyExperiment.ts";

const folder = temporaryFolder("device");
const settings = settingsFile(join(folder, "settings.json"));
let cohort: string;
beforeAll(async () => {
  cohort = await tinyTables(join(folder, "cohort"));
});
const train = (out: string, ...more: string[]) =>
  here("train", cohort, "--out", join(folder, out), "--settings", settings, ...more);

const built = listSupportedBackends().map(({ name }) => name);
const absent = devices.find((device) => !built.includes(device))!;
/** Why a device does not work here; undefined where it does. */
const refusal = async (device: (typeof devices)[number]) =>
  chooseDevice(device).then(
    () => undefined,
    (error: Error) => error.message,
  );
const noCuda = (await refusal("cuda")) !== undefined;

describe("--device", () => {
  test.concurrent.each([["train", "cohort", "--out", "x"], ["validate", "cohort"], ["demo"]])(
    "%s refuses a word that is no device",
    async (...args) => {
      const { status, stderr } = await here(...args, "--device", "gpu");
      expect(status).toBe(2);
      expect(stderr).toMatch(/^E_USAGE: .*'gpu' is invalid\. Allowed choices are auto, cpu, cuda/);
    },
  );

  test("one that ONNX Runtime is built without is E_DEVICE, and cpu is named as available", async () => {
    expectRefused(
      await train("absent", "--device", absent),
      "E_DEVICE",
      new RegExp(`--device ${absent}: .*built without.* — available here: cpu`),
    );
  });

  test.skipIf(!noCuda)("cuda without its libraries is one line, E_DEVICE (skipped with CUDA)", async () => {
    const says = /^E_DEVICE: --device cuda: .+ — available here: cpu/;
    expectRefused(await train("cuda", "--device", "cuda"), "E_DEVICE", says);
    const file = settingsFile(join(folder, "cuda.json"), { device: "cuda" });
    expectRefused(await train("cuda", "--settings", file), "E_DEVICE", says);
  });

  test("auto trains to cpu's bits where there is nothing else, and says what it tried", async () => {
    const automatic = await train("auto", "--device", "auto");
    const other = /^device: (?!cpu)/m.test(automatic.stderr);
    if (other) return console.warn("skipped: auto found another device than cpu here");
    expect(automatic.stderr).toMatch(/^device: cpu, since none other works here: /m);
    expect((await train("cpu", "--device", "cpu")).status).toBe(0);
    const model = (out: string) => readFileSync(join(folder, out, "model.onnx"));
    expect(model("auto").equals(model("cpu"))).toBe(true);
    const config = JSON.parse(readFileSync(join(folder, "auto", "config.json"), "utf8"));
    expect(config.settings.device).toBe("cpu");
  });
});

test("a device that fails when a session is made is E_DEVICE in one line", async () => {
  const opened = compile({ outputs: { y: relu(input("x", [1])) } }, { device: absent });
  await expect(opened).rejects.toMatchObject({ code: "E_DEVICE", hint: "use --device cpu" });
  await expect(opened).rejects.toThrow(/^\S+: .+$/);
});
