/** Logistic regression by Newton's method on standardised columns, a small ridge for stability; returns a scorer. */
export function logistic(rows: readonly (readonly number[])[], labels: readonly (0 | 1)[]) {
  const columns = rows[0].length;
  const means = Array.from({ length: columns }, (_, c) => rows.reduce((s, r) => s + r[c], 0) / rows.length);
  const sds = means.map(
    (m, c) => Math.sqrt(rows.reduce((s, r) => s + (r[c] - m) ** 2, 0) / rows.length) || 1,
  );
  const z = (row: readonly number[]) => [...row.map((v, c) => (v - means[c]) / sds[c]), 1];
  const design = rows.map(z);
  const score = (x: readonly number[], w: readonly number[]) => x.reduce((s, v, c) => s + v * w[c], 0);
  let weights = Array<number>(columns + 1).fill(0);
  for (let step = 0; step < 25; step++) {
    const gradient = weights.map((w) => -1e-3 * w);
    const hessian = weights.map((_, a) => weights.map((_, b) => (a === b ? 1e-3 : 0)));
    for (const [n, x] of design.entries()) {
      const p = 1 / (1 + Math.exp(-score(x, weights)));
      for (let a = 0; a <= columns; a++) {
        gradient[a] += (labels[n] - p) * x[a];
        for (let b = 0; b <= columns; b++) hessian[a][b] += p * (1 - p) * x[a] * x[b];
      }
    }
    const move = solve(hessian, gradient);
    weights = weights.map((w, a) => w + move[a]);
  }
  return (row: readonly number[]) => score(z(row), weights);
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((r, n) => [...r, right[n]]);
  const n = rows.length;
  for (let c = 0; c < n; c++) {
    const pivot = rows
      .slice(c)
      .reduce((best, r, at) => (Math.abs(r[c]) > Math.abs(rows[best][c]) ? c + at : best), c);
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = rows[r][c] / rows[c][c];
      for (let k = c; k <= n; k++) rows[r][k] -= factor * rows[c][k];
    }
  }
  return rows.map((r, c) => r[n] / r[c]);
}

/** The best accuracy any single cut-off reaches, and that cut-off (midway between neighbours). */
export function bestCutoff(values: readonly number[], labels: readonly (0 | 1)[]) {
  const order = values.map((v, n) => [v, labels[n]] as const).toSorted((a, b) => a[0] - b[0]);
  let right = labels.reduce<number>((s, l) => s + l, 0);
  let best = { accuracy: right / labels.length, cutoff: -Infinity };
  for (const [n, [value, label]] of order.entries()) {
    right += label === 0 ? 1 : -1;
    const next = order[n + 1]?.[0] ?? Infinity;
    if (right / labels.length > best.accuracy && next > value)
      best = { accuracy: right / labels.length, cutoff: (value + next) / 2 };
  }
  return best;
}
