export { largestAucChange, type Optimized, type OptimizeOptions, optimizeModel } from "./optimize.ts";
export { type VariantName, variantNames, variants } from "./variants.ts";
