import { parentPort } from "node:worker_threads";
import { serve } from "../../pool.ts";
import { inspectContents } from "./contents.ts";

serve(parentPort, inspectContents);
