/**
 * Learning rate of a step: linear warm-up, then a half cosine to zero (Loshchilov & Hutter 2017).
 * @param step from 0
 */
export function learningRateAt(step: number, warmup: number, total: number, peak: number): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const progress = (step - warmup) / Math.max(1, total - warmup);
  return (peak * (1 + Math.cos(Math.PI * Math.min(1, progress)))) / 2;
}
