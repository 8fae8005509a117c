/** Closed curves, `[x0, y0, x1, y1, …]` each. */
export type Loops = readonly (readonly number[])[];

/**
 * The borders of a plane mask as closed curves through the middles of the voxels' edges: corners are cut, nothing else
 * is smoothed, so that what is drawn is what was measured. Fill by the even–odd rule.
 *
 * @param at whether the voxel (u, v) is set
 * @param step mm along u and v
 */
export function loops(
  at: (u: number, v: number) => boolean,
  nu: number,
  nv: number,
  [su, sv]: readonly [number, number],
): Loops {
  const set = (u: number, v: number) => u >= 0 && v >= 0 && u < nu && v < nv && at(u, v);
  // Each border edge runs with the mask on its right, from one corner of the voxel grid to the next.
  const next = new Map<number, number[]>();
  const key = (u: number, v: number) => u + (nu + 2) * v;
  const edge = (u0: number, v0: number, u1: number, v1: number) => {
    const from = key(u0, v0);
    const list = next.get(from);
    if (list) list.push(key(u1, v1));
    else next.set(from, [key(u1, v1)]);
  };
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      if (!set(u, v)) continue;
      if (!set(u, v - 1)) edge(u, v, u + 1, v);
      if (!set(u + 1, v)) edge(u + 1, v, u + 1, v + 1);
      if (!set(u, v + 1)) edge(u + 1, v + 1, u, v + 1);
      if (!set(u - 1, v)) edge(u, v + 1, u, v);
    }
  const found: number[][] = [];
  for (const start of next.keys()) {
    while (next.get(start)?.length) {
      const loop: number[] = [];
      let corner = start;
      do {
        const to = next.get(corner)?.pop();
        if (to === undefined) break;
        const [u0, v0, u1, v1] = [corner, to].flatMap((c) => [c % (nu + 2), Math.floor(c / (nu + 2))]);
        loop.push(((u0 + u1) / 2) * su, ((v0 + v1) / 2) * sv);
        corner = to;
      } while (corner !== start);
      found.push(loop);
    }
  }
  return found;
}
