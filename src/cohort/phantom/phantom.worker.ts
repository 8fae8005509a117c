import { parentPort } from "node:worker_threads";
import { serve } from "../paint/index.ts";
import { writePhantomCase } from "./phantomCohort.ts";

serve(parentPort, writePhantomCase);
