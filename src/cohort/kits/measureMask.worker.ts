import { parentPort } from "node:worker_threads";
import { serve } from "../../pool.ts";
import { measureMask } from "./measureMask.ts";

serve(parentPort, measureMask);
