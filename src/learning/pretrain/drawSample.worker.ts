import { parentPort } from "node:worker_threads";
import { serve } from "../../base/threads.ts";
import { sharedCrop } from "../crop/sharedCrop.ts";
import { drawSample, type Sample, type SampleSpec } from "./drawSample.ts";

serve<SampleSpec, Sample>(parentPort, async (spec) => {
  const { crop, known } = drawSample(spec);
  return { crop: sharedCrop(crop), known };
});
