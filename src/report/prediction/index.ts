export { renderPrediction } from "./renderPrediction.ts";
