import { parentPort } from "node:worker_threads";
import { serve } from "../pool.ts";
import { scoreMask } from "./nephrometryMask.ts";

serve(parentPort, scoreMask);
