import { parentPort } from "node:worker_threads";
import { serve } from "../../../base/threads.ts";
import { scorePair } from "./scorePair.ts";

serve(parentPort, scorePair);
