import { firstLook, namesShown, opening, problems, study, take, volumes } from "../store/store.ts";
import type { Answer, Question } from "./messages.ts";
import type { GivenFile } from "./sourceOfFile.ts";

let worker: Worker | undefined;
/** The address as the page was opened by, for the first study. */
let link = "";

/** Remembers what the page's address asks for. */
export const openBy = (hash: string): void => {
  link = hash;
};

/** Opens a patient; one that is being opened is left. */
export function open(files: readonly GivenFile[]): void {
  worker?.terminate();
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Answer>) => hear(data);
  worker.onerror = ({ message }) =>
    hear({
      tell: "problem",
      problem: { name: "", code: "E_RUNTIME", reason: message || "the reader ended unexpectedly" },
      fatal: true,
    });
  study.value = undefined;
  opening.value = { state: "reading", step: "", done: 0, total: files.length };
  ask({ ask: "open", files });
}

const ask = (question: Question) => worker?.postMessage(question);

/** Reads the images that are shown and not yet there; frees those that are shown no more. */
export function readShown(): void {
  const kept = Object.entries(volumes.value).filter(([name]) => namesShown.value.includes(name));
  if (kept.length < Object.keys(volumes.value).length) volumes.value = Object.fromEntries(kept);
  const names = namesShown.value.filter((name) => !(name in volumes.value));
  if (names.length > 0) ask({ ask: "read", names });
}

function hear(answer: Answer): void {
  if (answer.tell === "progress") {
    if (opening.value.state === "reading")
      opening.value = { state: "reading", step: answer.step, done: answer.done, total: answer.total };
  } else if (answer.tell === "study") {
    take(answer.study);
    readShown();
  } else if (answer.tell === "image") {
    volumes.value = { ...volumes.value, [answer.name]: answer.volume };
  } else if (answer.tell === "problem") {
    if (answer.fatal) opening.value = { state: "failed", problem: answer.problem };
    else problems.value = [...problems.value, answer.problem];
  } else if (answer.of === "read" && opening.value.state === "reading") {
    if (Object.keys(volumes.value).length > 0) {
      firstLook(link);
      link = "";
      opening.value = { state: "open" };
    } else opening.value = { state: "failed", problem: problems.value[problems.value.length - 1] };
  }
}
