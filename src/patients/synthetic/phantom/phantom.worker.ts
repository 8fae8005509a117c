import { parentPort } from "node:worker_threads";
import { serve } from "../../../base/threads.ts";
import { writePhantomCase } from "./phantomCohort.ts";

serve(parentPort, writePhantomCase);
