import { type FamiliarityRecord, mahalanobis } from "../../learning/trained/familiarity.ts";
import type { FeatureText } from "./featureText.ts";
import type { Prediction } from "./prediction.ts";

/** How unlike the development centre's cases one case is. @param features `[F]`, as the model gives them */
export function familiarity(
  features: readonly number[],
  record: FamiliarityRecord,
  texts: readonly FeatureText[],
): NonNullable<Prediction["familiarity"]> {
  const { distances, low, high } = record;
  const distance = mahalanobis(features, record);
  const nearer = distances.filter((d) => d < distance).length / distances.length;
  const unusual = texts.flatMap(({ name, value, learnt }, f) => {
    const x = features[f];
    if (learnt || (x >= low[f] && x <= high[f])) return [];
    const usual = [low[f], high[f]].map((bound) => value(bound));
    const here = value(x);
    const range =
      usual[0] === undefined ? "" : `: ${here}; 98 % of training cases ${usual[0]} to ${usual[1]}`;
    return [`${name} ${x < low[f] ? "lower" : "higher"} than usual${range}`];
  });
  return { distance, nearer, validationCases: distances.length, unlike: nearer === 1, unusual };
}
