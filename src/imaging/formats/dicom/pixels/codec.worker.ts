import { parentPort } from "node:worker_threads";
import { codecs } from "./codecs.ts";
import type { CodecJob } from "./codecThread.ts";

// What codecs print of damaged streams is none of the user's business.
console.log = console.warn = console.error = console.info = () => {};

parentPort?.on("message", async ({ coding, frame, format }: CodecJob) => {
  try {
    // A copy of its own: the bytes may lie in the module's memory.
    const bytes = Uint8Array.from(await codecs[coding](frame, format));
    parentPort?.postMessage({ bytes }, [bytes.buffer]);
  } catch (error) {
    parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
});
