import { transferSyntax } from "../../../../imaging/formats/dicom/values/transferSyntax.ts";

const verification = "1.2.840.10008.1.1";
/** The root of storage SOP classes (PS3.4 annex B.5). */
const storage = "1.2.840.10008.5.1.4.1.1.";
const explicitLittle = "1.2.840.10008.1.2.1";
/** A small file may unpack to any size. */
const deflated = "1.2.840.10008.1.2.1.99";

/** Which of the proposed transfer syntaxes is taken for a kind of object; or why none is. */
export type ContextAnswer =
  | { readonly transferSyntax: string }
  | { readonly refused: "abstract syntax" | "transfer syntaxes" };

/** All storage and C-ECHO are taken; a study is more than its CT, and what is not read is kept. */
export function answerContext(abstractSyntax: string, proposed: readonly string[]): ContextAnswer {
  if (abstractSyntax !== verification && !abstractSyntax.startsWith(storage))
    return { refused: "abstract syntax" };
  const read = proposed.filter((uid) => uid !== deflated && transferSyntax(uid));
  const taken = read.find((uid) => uid === explicitLittle) ?? read[0];
  return taken === undefined ? { refused: "transfer syntaxes" } : { transferSyntax: taken };
}
