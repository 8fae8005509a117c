export { type ChosenPhase, choosePhases, type PhaseChoice } from "./choose.ts";
export {
  type ContrastPhase,
  contrastPhases,
  type Evidence,
  favoured,
  probabilities,
} from "./contrastPhase.ts";
export { factsOf, type SeriesFacts } from "./facts.ts";
export { type Candidate, type Guess, guessPhase } from "./guess.ts";
export { kernelOf } from "./kernel.ts";
export { type Picture, readPicture } from "./picture.ts";
export { pictureEvidence } from "./pictureEvidence.ts";
export { textEvidence } from "./textEvidence.ts";
export { delayLikelihoods, timeEvidence } from "./timeEvidence.ts";
