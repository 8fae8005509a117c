import { parentPort } from "node:worker_threads";
import { serve } from "../../../../base/threads.ts";
import { preparedFile } from "./prepareFile.ts";

serve(parentPort, preparedFile);
