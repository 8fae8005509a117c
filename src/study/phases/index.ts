export { type Candidate, type ChosenPhase, choosePhases, type PhaseChoice } from "./choose.ts";
export { type ContrastPhase, contrastPhases, type Evidence, probabilities } from "./contrastPhase.ts";
export { factsOf, type SeriesFacts } from "./facts.ts";
export { kernelOf } from "./kernel.ts";
export { type Picture, pictureEvidence, readPicture } from "./picture.ts";
export { textEvidence } from "./textEvidence.ts";
export { delayLikelihoods, timeEvidence } from "./timeEvidence.ts";
