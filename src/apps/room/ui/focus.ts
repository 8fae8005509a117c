let passed = true;

/** A picture that a key replaces by another passes its focus on; one that a button replaces leaves it there. */
export const focus = {
  pass(): void {
    passed = true;
  },
  /** Whether it was passed on since it was last asked; the first picture of all has it. */
  passed(): boolean {
    const was = passed;
    passed = false;
    return was;
  },
};
