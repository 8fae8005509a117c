import { useSignal } from "@preact/signals";
import type { Problem } from "../open/problem.ts";
import { opening, problems } from "../store/store.ts";
import { words } from "../words.ts";
import { Choose } from "./Choose.tsx";
import { ProblemList } from "./ProblemList.tsx";

/** The page before a study is there: choosing, reading, what went wrong. */
export function Opening() {
  const over = useSignal(false);
  const now = opening.value;
  return (
    <main
      class={over.value ? "opening over" : "opening"}
      onDragOver={() => {
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={() => {
        over.value = false;
      }}
    >
      <div class="card">
        <p class="name">trinephron</p>
        <h1>
          {now.state === "failed"
            ? words.open.failed
            : now.state === "reading"
              ? words.open.reading
              : words.open.heading}
        </h1>
        {now.state === "failed" && <Failed problem={now.problem} />}
        {now.state === "reading" ? (
          <Reading step={now.step} done={now.done} total={now.total} />
        ) : (
          <>
            <p>{words.open.lead}</p>
            <Choose />
            <p class="drop" aria-hidden="true">
              {words.open.drop}
            </p>
          </>
        )}
        <p class="quiet">{words.open.local}</p>
        <p class="quiet">{words.research}</p>
      </div>
    </main>
  );
}

const Reading = ({ step, done, total }: { step: string; done: number; total: number }) => (
  <div class="reading" role="status">
    <progress value={total > 0 ? done : undefined} max={Math.max(total, 1)} aria-label={words.open.reading} />
    <p>{step && words.step(step, done, total)}</p>
  </div>
);

const Failed = ({ problem }: { problem: Problem }) => (
  <div role="alert">
    <ProblemList problems={[problem, ...problems.value.filter((each) => each !== problem)]} />
  </div>
);
