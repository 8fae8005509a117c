import { createHash } from "node:crypto";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { readSignature, type Signature } from "../../../numerics/graph/file/signature.ts";
import { openModel, type Session, type SessionOptions } from "../../../numerics/graph/index.ts";
import { averaged, type TileModel } from "../window/tileModel.ts";

/** What a network must take. */
export interface Expected {
  readonly channels: number;
  /** Of its tiles: three lengths, or height and width alone for one that reads slices. */
  readonly patch: readonly number[];
}

/** Networks opened as one: the mean of their answers. */
export interface Network {
  readonly model: TileModel;
  readonly remarks: readonly string[];
  /** Of its files. */
  readonly sha256: string;
  close(): Promise<void>;
}

/**
 * Opens ONNX files as one network. Of several outputs, as of a network exported with deep supervision, the first is
 * taken: the others are of lower resolution.
 *
 * @throws E_FILE_MISSING; E_MODEL where a file is no ONNX, keeps its weights elsewhere, or takes other tiles; E_RUNTIME
 */
export async function openNetwork(
  paths: readonly string[],
  expected: Expected,
  options: SessionOptions,
): Promise<Network> {
  const sessions: Session[] = [];
  const models: TileModel[] = [];
  const remarks: string[] = [];
  const hash = createHash("sha256");
  const close = async () => {
    for (const session of sessions) await session.close();
  };
  try {
    for (const path of paths) {
      const onnx = await readWhole(path);
      hash.update(onnx);
      const { input, output, others } = portsOf(signatureOf(onnx, path), expected, path);
      if (others > 0)
        remarks.push(
          `${path}: ${others + 1} outputs, of which the first is taken; export it without deep supervision`,
        );
      const session = await openModel(onnx, options);
      sessions.push(session);
      models.push(async (data, [channels, depth, ...plane]) => {
        const shape = [1, channels, ...(expected.patch.length === 2 ? [] : [depth]), ...plane];
        return (await session.run({ [input]: { data, shape } }))[output];
      });
    }
    return { model: averaged(models), remarks, sha256: hash.digest("hex"), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function signatureOf(onnx: Uint8Array, path: string): Signature {
  try {
    return readSignature(onnx);
  } catch {
    throw new TrinephronError("E_MODEL", `${path}: damaged or not an ONNX file`, "export the network again");
  }
}

function portsOf({ inputs, outputs, elsewhere }: Signature, { channels, patch }: Expected, path: string) {
  const refused = (why: string, hint: string) => new TrinephronError("E_MODEL", `${path}: ${why}`, hint);
  if (elsewhere)
    throw refused("its weights lie in another file", "export it as one file (docs/segmentation-models.md)");
  if (inputs.length !== 1 || outputs.length === 0)
    throw refused(
      `${inputs.length} inputs and ${outputs.length} outputs, where one image goes in and logits come out`,
      "export the bare network",
    );
  const wanted = [1, channels, ...patch];
  const [{ name, shape }] = inputs;
  const fits =
    shape?.length === wanted.length && shape.every((n, axis) => (n ?? wanted[axis]) === wanted[axis]);
  if (shape && !fits)
    throw refused(
      `takes ${shape.map((n) => n ?? "any").join(" × ")}, where its plan has ${wanted.join(" × ")}`,
      "export it for the patch and channels of its plan",
    );
  return { input: name, output: outputs[0].name, others: outputs.length - 1 };
}
