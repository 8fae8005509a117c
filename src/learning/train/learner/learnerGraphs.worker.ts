import { parentPort } from "node:worker_threads";
import { serve } from "../../../base/threads.ts";
import { learnerGraphs } from "./learnerGraphs.ts";

serve(parentPort, learnerGraphs);
