import { parentPort } from "node:worker_threads";
import { serve } from "../../base/threads.ts";
import { elastixRigid } from "./elastix.ts";

// itk-wasm prints what it also throws.
for (const channel of ["log", "warn", "error"] as const) console[channel] = () => {};

serve(parentPort, elastixRigid);
