/**
 * The page's script. It runs in a reader's browser: `formHtml` writes this function's text into the page, so that it
 * may use nothing from outside itself.
 */
export function page(): void {
  const by = (id: string) => document.getElementById(id);
  const form: FormData = JSON.parse(by("form").textContent);
  const { rows, tasks } = form;
  const limits = form.scale === "five" ? [1, 5] : [0, 100];
  const key = `trinephron reading ${form.study} ${form.reader} ${form.session}`;
  const state: State = { at: 0, answers: rows.map(() => ({})), seen: rows.map(() => false) };
  const complete = (row: number) => tasks.every((task) => state.answers[row][task] !== undefined);
  /** An answer without the model's stays as it was once the model's has been seen. */
  const locked = (row: number) =>
    !rows[row].aided && rows.some((r, i) => r.aided && r.case === rows[row].case && state.seen[i]);
  /** The model's answer to a case is shown only after the reader's own. */
  const open = (row: number) =>
    !rows[row].aided || rows.every((r, i) => r.aided || r.case !== rows[row].case || complete(i));

  function restore(): void {
    try {
      const saved: State | null = JSON.parse(localStorage.getItem(key) ?? "null");
      if (saved && saved.answers.length === rows.length) Object.assign(state, saved);
    } catch {}
  }

  function save(): void {
    try {
      localStorage.setItem(key, JSON.stringify(state));
      by("status").textContent = "Saved in this browser.";
    } catch {
      by("status").textContent = "This browser saves nothing: download the file before you close the page.";
    }
    count();
  }

  function count(): void {
    const done = rows.filter((_, i) => complete(i)).length;
    by("progress").value = String(done);
    by("done").textContent = `${done} of ${rows.length} readings complete`;
    by("next").disabled = state.at === rows.length - 1 || !open(state.at + 1);
    const mark = by("cases").options[state.at];
    mark.textContent = mark.textContent.replace(/( ✓)?$/, complete(state.at) ? " ✓" : "");
    for (let i = 0; i < rows.length; i++) by("cases").options[i].disabled = !open(i);
  }

  function show(row: number): void {
    state.at = row;
    const { aided, model } = rows[row];
    if (aided) state.seen[row] = true;
    by("title").textContent = `Case ${rows[row].case}`;
    by("mode").textContent = aided
      ? "With the model’s answer"
      : form.aided
        ? "Without the model’s answer"
        : "";
    by("locked").hidden = !locked(row);
    by("previous").disabled = row === 0;
    by("cases").selectedIndex = row;
    for (const task of tasks) {
      by(`model-${task}`).hidden = !aided;
      const probability = model?.[task];
      if (probability !== undefined)
        by(`model-${task}-value`).textContent = `${Math.round(100 * probability)} %`;
      fill(task, state.answers[row][task], locked(row));
    }
    save();
  }

  function fill(task: string, score: number | undefined, lock: boolean): void {
    if (form.scale === "five")
      for (let level = 1; level <= 5; level++) {
        by(`${task}-${level}`).checked = score === level;
        by(`${task}-${level}`).disabled = lock;
      }
    else
      for (const id of [`${task}-number`, `${task}-slider`]) {
        by(id).value = score === undefined ? (id.endsWith("slider") ? "50" : "") : String(score);
        by(id).disabled = lock;
        by(id).classList.toggle("unset", score === undefined);
      }
    by(`${task}-state`).textContent = score === undefined ? "not answered" : `answered: ${score}`;
  }

  function answer(task: string, text: string): void {
    const score = text.trim() === "" ? Number.NaN : Number(text);
    const valid =
      score >= limits[0] && score <= limits[1] && (form.scale !== "five" || Number.isInteger(score));
    if (valid) state.answers[state.at][task] = score;
    else delete state.answers[state.at][task];
    by(`${task}-state`).textContent = valid
      ? `answered: ${score}`
      : text === ""
        ? "not answered"
        : `not from ${limits[0]} to ${limits[1]}: not saved`;
    save();
  }

  function move(step: number): void {
    const next = state.at + step;
    if (next < 0 || next >= rows.length || !open(next)) return;
    show(next);
    by("title").focus();
  }

  function csv(): string {
    const quoted = (cell: string | number) =>
      /[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
    const lines = rows.map((r, i) => [
      form.study,
      form.reader,
      form.experience,
      form.session,
      form.scale,
      r.order,
      r.case,
      r.aided ? "yes" : "no",
      ...(form.aided ? tasks.map((task) => r.model?.[task] ?? "") : []),
      ...tasks.map((task) => state.answers[i][task] ?? ""),
    ]);
    return [form.header, ...lines].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
  }

  function download(): void {
    const done = rows.filter((_, i) => complete(i)).length;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", csv()], { type: "text/csv" }));
    link.download = `${form.file}${done < rows.length ? "-incomplete" : ""}.csv`;
    link.click();
    by("status").textContent =
      done < rows.length
        ? `Downloaded with ${rows.length - done} readings still missing.`
        : "Downloaded: send this file to the study’s office.";
  }

  restore();
  by("progress").max = String(rows.length);
  rows.forEach((r, i) => {
    const option = document.createElement("option");
    const mode = form.aided ? (r.aided ? ", with the model" : ", without") : "";
    option.textContent = `${r.order}. ${r.case}${mode}${complete(i) ? " ✓" : ""}`;
    by("cases").append(option);
  });
  for (const task of tasks) {
    if (form.scale === "five")
      for (let level = 1; level <= 5; level++)
        by(`${task}-${level}`).addEventListener("change", () => answer(task, String(level)));
    else
      for (const [from, to] of [
        ["number", "slider"],
        ["slider", "number"],
      ])
        by(`${task}-${from}`).addEventListener("input", () => {
          by(`${task}-${to}`).value = by(`${task}-${from}`).value;
          by(`${task}-slider`).classList.remove("unset");
          answer(task, by(`${task}-${from}`).value);
        });
  }
  by("reading").addEventListener("submit", (event) => {
    event.preventDefault();
    move(1);
  });
  by("previous").addEventListener("click", () => move(-1));
  by("download").addEventListener("click", download);
  by("cases").addEventListener("change", () => move(by("cases").selectedIndex - state.at));
  show(Math.min(state.at, rows.length - 1));
}

/** What `formHtml` gives the page. */
export interface FormData {
  readonly study: string;
  readonly reader: string;
  readonly experience: string;
  readonly session: number;
  readonly scale: string;
  readonly tasks: readonly string[];
  /** Whether the model's answer is shown at any case. */
  readonly aided: boolean;
  readonly rows: readonly {
    readonly order: number;
    readonly case: string;
    readonly aided: boolean;
    readonly model?: Readonly<Record<string, number | undefined>>;
  }[];
  readonly header: readonly string[];
  /** Name of the file to download, without its ending. */
  readonly file: string;
}

interface State {
  at: number;
  answers: Record<string, number>[];
  seen: boolean[];
}

/** The parts of the DOM used above; the project is compiled without the DOM's types. */
interface Control {
  textContent: string;
  value: string;
  max: string;
  href: string;
  download: string;
  hidden: boolean;
  disabled: boolean;
  checked: boolean;
  selectedIndex: number;
  readonly options: readonly Control[];
  readonly classList: { toggle(name: string, on: boolean): void; remove(name: string): void };
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
  append(child: Control): void;
  focus(): void;
  click(): void;
}
declare const document: { getElementById(id: string): Control; createElement(tag: string): Control };
declare const localStorage: {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
};
