import type { Problem } from "../open/problem.ts";

/** What could not be read, each with its code, reason and what to do. */
export const ProblemList = ({ problems }: { problems: readonly Problem[] }) => (
  <ul class="problems">
    {problems.map(({ name, code, reason, hint }) => (
      <li key={`${name} ${code} ${reason}`}>
        {code && <code>{code}</code>} {name && <span class="file">{`${name}: `}</span>}
        {reason}
        {hint && <span class="hint">{` — ${hint}`}</span>}
      </li>
    ))}
  </ul>
);
