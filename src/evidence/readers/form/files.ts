import { TrinephronError } from "../../../base/errors.ts";
import type { ReadingForm } from "./form.ts";
import { formCsv } from "./formCsv.ts";
import { formHtml } from "./formHtml.ts";

/** A file to hand to a reader. */
export interface FormFile {
  readonly name: string;
  readonly text: string;
  readonly reader: string;
}

/**
 * Each form as a page and as a blank table. Where a case is read first without and then with the model's answer, the
 * readings with it have a table of their own, so that a reader who fills in tables does not see the answer early.
 * @throws E_USAGE where two readers' names make one file name
 */
export function formFiles(forms: readonly ReadingForm[]): FormFile[] {
  const files = forms.flatMap((form) => {
    const name = fileName(form);
    const aided = form.rows.filter((r) => r.aided);
    const alone = form.rows.filter((r) => !r.aided);
    const sequential = aided.some((r) => alone.some((own) => own.case === r.case));
    const { reader } = form;
    return [
      { reader, name: `${name}.html`, text: formHtml(form, name) },
      { reader, name: `${name}.csv`, text: formCsv(form, sequential ? alone : form.rows) },
      ...(sequential ? [{ reader, name: `${name}-with-model.csv`, text: formCsv(form, aided) }] : []),
    ];
  });
  const twice = files.find((f, i) => files.findIndex((other) => other.name === f.name) !== i);
  if (twice)
    throw new TrinephronError(
      "E_USAGE",
      `two readers’ files would be ${twice.name}`,
      "name them further apart",
    );
  return files;
}

const fileName = ({ reader, session, sessions }: ReadingForm): string =>
  `${reader.replaceAll(/[^\p{L}\p{N}_-]+/gu, "_")}${sessions > 1 ? `-session${session}` : ""}`;
