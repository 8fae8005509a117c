/** One run of the tube: the series that were made of it. */
export interface Scan {
  /** Seconds after midnight; past it, more than a day. */
  readonly time: number;
  /** Indices of its series. */
  readonly members: readonly number[];
}

/** Series that start within so many seconds are reconstructions of one scan. */
const oneScan = 8;
const day = 86_400;

/**
 * The scans of a study in order of time. A study that passes midnight starts after the longest pause of the clock.
 * @param times of the series, seconds after midnight; those without belong to none
 */
export function scansOf(times: readonly (number | undefined)[]): Scan[] {
  const known = times
    .flatMap((time, index) => (time === undefined ? [] : [{ time, index }]))
    .sort((a, b) => a.time - b.time);
  if (known.length === 0) return [];
  const pauses = known.map(({ time }, n) =>
    n === 0 ? time + day - known.at(-1)!.time : time - known[n - 1].time,
  );
  const first = pauses.indexOf(Math.max(...pauses));
  const scans: { time: number; last: number; members: number[] }[] = [];
  for (let n = 0; n < known.length; n++) {
    const place = (first + n) % known.length;
    const { time: clock, index } = known[place];
    const time = place < first ? clock + day : clock;
    const scan = scans.at(-1);
    if (scan && time - scan.last < oneScan) {
      scan.members.push(index);
      scan.last = time;
    } else scans.push({ time, last: time, members: [index] });
  }
  return scans;
}
