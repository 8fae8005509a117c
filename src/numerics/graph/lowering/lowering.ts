import type { OnnxGraph } from "../file/onnx.ts";
import { convolution } from "../operators/convolution.ts";
import type { Device } from "../run/device.ts";
import { compile } from "../run/session.ts";
import { constant, input, type Tensor } from "../tensor.ts";
import { blocked } from "./blocked.ts";

/** By execution provider, each choosing by shape within; the others run a graph as it is. */
const lowerings: Readonly<Partial<Record<Device, (graph: OnnxGraph) => Promise<OnnxGraph>>>> = {
  cpu: async ({ outputs, ...rest }) => {
    const block = await (probed ??= blockOf());
    return block === undefined ? { outputs, ...rest } : { outputs: blocked(outputs, block), ...rest };
  },
};

export const hasLowering = (device: Device): boolean => device in lowerings;

/** The same graph as ONNX Runtime runs it fastest on that device of this machine. */
export const lowered = async (graph: OnnxGraph, device: Device = "cpu"): Promise<OnnxGraph> =>
  (await lowerings[device]?.(graph)) ?? graph;

let probed: Promise<number | undefined> | undefined;

/**
 * Channels in a block of ONNX Runtime's own layout: 16 with AVX-512, 8 elsewhere, and on some processors there is none.
 * Nothing tells but a convolution whose result is known.
 */
async function blockOf(): Promise<number | undefined> {
  const shape = [1, 16, 3, 3, 3];
  const values = (n: number) => Float32Array.from({ length: n }, (_, i) => ((i * 7) % 11) - 5);
  const x = { data: values(16 * 27), shape };
  const y = convolution(input("x", shape), constant(values(16 * 16 * 27), [16, 16, 3, 3, 3]));
  const run = async (outputs: Record<string, Tensor>) => {
    const session = await compile({ outputs }, { threads: 1 });
    try {
      return (await session.run({ x })).y;
    } finally {
      await session.close();
    }
  };
  const expected = await run({ y });
  for (const block of [16, 8]) {
    const found = await run({ ...blocked({ y }, block) }).catch(() => undefined);
    if (found?.every((value, i) => Math.abs(value - expected[i]) < 1e-2)) return block;
  }
  return undefined;
}
