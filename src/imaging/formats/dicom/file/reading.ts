/** What a reader of values needs beside the data set: the file's name for errors, and an ear for what it repairs. */
export interface Reading {
  /** Names the file in errors. */
  readonly name: string;
  /** Takes what was repaired, guessed or left out, in words that name the attribute. */
  say(remark: string): void;
}

/** A reading that keeps what is said, each remark once. */
interface KeptReading extends Reading {
  readonly remarks: readonly string[];
}

/** @param before what was said already */
export function reading(name: string, before: readonly string[] = []): KeptReading {
  const said = new Set(before);
  return {
    name,
    say: (remark) => void said.add(remark),
    get remarks() {
      return [...said];
    },
  };
}
