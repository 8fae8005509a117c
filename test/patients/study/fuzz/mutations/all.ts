import type { Mutation } from "../mutation.ts";
import { contours } from "./contours.ts";
import { dates } from "./dates.ts";
import { foreign } from "./foreign.ts";
import { labels } from "./labels.ts";
import { niftiForms } from "./niftiForms.ts";
import { numbers } from "./numbers.ts";
import { order } from "./order.ts";
import { orientations } from "./orientations.ts";
import { places } from "./places.ts";
import { representations } from "./representations.ts";
import { segments } from "./segments.ts";
import { slices } from "./slices.ts";
import { storedValues } from "./storedValues.ts";
import { texts } from "./texts.ts";
import { transferSyntaxes } from "./transferSyntaxes.ts";

/** Every mutation. */
export const mutations: readonly Mutation[] = [
  ...[...numbers, ...representations, ...storedValues, ...transferSyntaxes],
  ...[...slices, ...order, ...contours, ...segments, ...labels, ...niftiForms],
  ...[...orientations, ...texts, ...dates, ...places, ...foreign],
];
