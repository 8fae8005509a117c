import { parentPort } from "node:worker_threads";
import { serve } from "../pool.ts";
import { learnerGraphs } from "./learnerGraphs.ts";

serve(parentPort, learnerGraphs);
