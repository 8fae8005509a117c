import { parentPort } from "node:worker_threads";
import { paintCase } from "./paintCase.ts";
import { serve } from "./pool.ts";

serve(parentPort, paintCase);
