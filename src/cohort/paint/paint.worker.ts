import { parentPort } from "node:worker_threads";
import { serve } from "../../pool.ts";
import { paintCase } from "./paintCase.ts";

serve(parentPort, paintCase);
