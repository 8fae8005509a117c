import { parentPort } from "node:worker_threads";
import { serve } from "../../../base/threads.ts";
import { inspectContents } from "./contents.ts";

serve(parentPort, inspectContents);
