import { parentPort } from "node:worker_threads";
import { serve } from "../../../base/threads.ts";
import { scoreMask } from "./scoreMask.ts";

serve(parentPort, scoreMask);
