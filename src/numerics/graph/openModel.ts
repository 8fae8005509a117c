import { hasLowering } from "./lowering/lowering.ts";
import { type LoweredModel, lowerModel } from "./lowering/lowerModel.ts";
import type { Device } from "./run/device.ts";
import { compile, type Feed, openSession, type Session, type SessionOptions } from "./run/session.ts";

/**
 * A model's file ready to run, in the lowering that is fastest on its device.
 * @throws as `openSession`
 */
export async function openModel(onnx: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const { device = "cpu", threads = 2 } = options;
  const spinning = { spin: threads > 1, ...options };
  const model = hasLowering(device) ? await readable(onnx, device) : undefined;
  if (!model) return openSession(onnx, spinning);
  // In this order, since making a session leaves holes in memory that its weights would stand above.
  const session = await compile(model.graph, { ...spinning, optimize: false });
  try {
    return withFeeds(session, await model.weights());
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Undefined also where the file is broken: ONNX Runtime says what is wrong. */
const readable = (onnx: Uint8Array, device: Device): Promise<LoweredModel | undefined> =>
  lowerModel(onnx, device).catch(() => undefined);

/** Weights are fed to each run, not copied into the runtime. */
const withFeeds = (session: Session, feeds: Readonly<Record<string, Feed>>): Session => ({
  run: (own, into) => session.run({ ...feeds, ...own }, into),
  close: () => session.close(),
});
