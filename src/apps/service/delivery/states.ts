/** States of a delivery. */
export const deliveryStates = [
  /** It is tried, now or later. */
  "waiting",
  /** The destination has it. */
  "delivered",
  /** A later result of the study has taken its place. */
  "superseded",
  /** It was given up, or refused; a user may have it tried again. */
  "failed",
] as const;

export type DeliveryState = (typeof deliveryStates)[number];
