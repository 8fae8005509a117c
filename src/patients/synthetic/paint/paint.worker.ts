import { parentPort } from "node:worker_threads";
import { serve } from "../../../base/threads.ts";
import { paintCase } from "./paintCase.ts";

serve(parentPort, paintCase);
