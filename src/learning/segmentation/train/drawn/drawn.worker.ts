import { parentPort } from "node:worker_threads";
import { serve } from "../../../../base/threads.ts";
import { drawnFile } from "./drawnFile.ts";

serve(parentPort, drawnFile);
