import { parentPort } from "node:worker_threads";
import { serve } from "../../../base/threads.ts";
import { measureMask } from "./measureMask.ts";

serve(parentPort, measureMask);
