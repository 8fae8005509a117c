import { execFile } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { TrinephronError } from "../../../base/errors.ts";
import { type Device, devices } from "./device.ts";

/** A device by its name, or the first that works. */
export type DeviceChoice = Device | "auto";

const run = promisify(execFile);

/**
 * The device to run on. Any but `cpu` is tried first, on a small network in a process of its own; `auto` takes the first
 * that works; `onNote` is told which that ONNX Runtime lists did not.
 * @throws E_DEVICE where a device named does not work here
 */
export async function chooseDevice(
  choice: DeviceChoice,
  { onNote }: { readonly onNote?: (line: string) => void } = {},
): Promise<Device> {
  if (choice === "cpu") return choice;
  const { listSupportedBackends } = await import("onnxruntime-node");
  const built = new Set(listSupportedBackends().map(({ name }) => name));
  const why = (device: Device) =>
    built.has(device) ? refusal(device) : "ONNX Runtime for this system is built without it";
  if (choice !== "auto") {
    const reason = await why(choice);
    if (reason === undefined) return choice;
    const working: Device[] = [];
    for (const other of devices)
      if (other === "cpu" || (other !== choice && (await why(other)) === undefined)) working.push(other);
    throw new TrinephronError(
      "E_DEVICE",
      `--device ${choice}: ${reason}`,
      `available here: ${working.join(", ")}`,
    );
  }
  const failed: string[] = [];
  for (const device of devices.filter((name) => name !== "cpu" && built.has(name))) {
    const reason = await why(device);
    if (reason === undefined) {
      if (failed.length > 0) onNote?.(`device: not available: ${failed.join("; ")}`);
      onNote?.(`device: ${device}`);
      return device;
    }
    failed.push(`${device} (${reason})`);
  }
  if (failed.length > 0) onNote?.(`device: cpu, since none other works here: ${failed.join("; ")}`);
  return "cpu";
}

/** Why a device does not serve; undefined where it does. */
async function refusal(device: Device): Promise<string | undefined> {
  const script = fileURLToPath(new URL(`./device.child${extname(import.meta.url)}`, import.meta.url));
  try {
    // Drivers write to stderr as they please.
    await run(process.execPath, [script, device], { timeout: 60_000 });
    return undefined;
  } catch (error) {
    const { signal, code, stdout } = error as { signal?: string; code?: number; stdout: string };
    return code === 3 ? short(stdout) : `the process that tried it ended with ${signal ?? code}`;
  }
}

/** The last sentence of ONNX Runtime's message: what comes before it are places in its own sources. */
function short(message: string): string {
  const line = message.replace(/^\w+: /, "").trim();
  return line.match(/(?:was false\. |: )([^:]+(?:: [^:]+)?)$/)?.[1] ?? line;
}
