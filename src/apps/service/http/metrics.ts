import type { DeliveryState } from "../delivery/states.ts";
import type { OrthancLine } from "../intake/orthanc/place.ts";
import type { StudyState } from "../studies/states.ts";

/** Counts since the process began, by name and labels. */
export interface Counters {
  /** @param labels as Prometheus writes them, without braces: `origin="C-STORE"` */
  add(name: CounterName, labels?: string, by?: number): void;
  /** In Prometheus' text format 0.0.4. */
  text(): string;
}

const counters = {
  trinephron_images_total: "Images that came in, by way and outcome.",
  trinephron_connections_refused_total: "Connections that were not taken or were cut off, by reason.",
  trinephron_attempts_total: "Studies that this process took from the queue, by outcome.",
  trinephron_attempt_seconds_total: "Time spent on them, seconds.",
  trinephron_delivery_tries_total:
    "Times that this process tried to deliver a result, by destination and outcome.",
  trinephron_orthanc_failures_total: "Times that an Orthanc could not be looked at, by its name.",
  trinephron_requests_total: "Requests of HTTP, by status.",
} as const;
type CounterName = keyof typeof counters;

export function openCounters(): Counters {
  const counts = new Map<CounterName, Map<string, number>>();
  return {
    add: (name, labels = "", by = 1) => {
      const own = counts.get(name) ?? new Map<string, number>();
      counts.set(name, own.set(labels, (own.get(labels) ?? 0) + by));
    },
    text: () =>
      Object.entries(counters)
        .map(([name, help]) => metric(name, "counter", help, [...(counts.get(name as CounterName) ?? [])]))
        .join(""),
  };
}

/** What holds at the moment it is asked. */
export const gauges = (
  states: Readonly<Record<StudyState, number>>,
  deliveries: Readonly<Record<DeliveryState, number>>,
  orthancs: readonly OrthancLine[],
): string =>
  metric(
    "trinephron_studies",
    "gauge",
    "Studies, by state.",
    Object.entries(states).map(([state, n]) => [`state="${state}"`, n]),
  ) +
  metric(
    "trinephron_deliveries",
    "gauge",
    "Deliveries, by state; failed ones are those that were given up.",
    Object.entries(deliveries).map(([state, n]) => [`state="${state}"`, n]),
  ) +
  metric(
    "trinephron_orthanc_reached",
    "gauge",
    "Whether the last look at an Orthanc succeeded, whichever process looked.",
    orthancs.map(({ name, isReached }) => [`orthanc="${name}"`, Number(isReached)]),
  ) +
  metric(
    "trinephron_orthanc_change",
    "gauge",
    "Number of the last change of an Orthanc whose image is safe.",
    orthancs.map(({ name, last }) => [`orthanc="${name}"`, last]),
  ) +
  metric("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", [
    ["", process.memoryUsage.rss()],
  ]) +
  metric("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.", [
    ["", Math.round(Date.now() / 1000 - process.uptime())],
  ]);

const metric = (
  name: string,
  type: string,
  help: string,
  values: readonly (readonly [labels: string, value: number])[],
): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(([labels, value]) => `${name}${labels === "" ? "" : `{${labels}}`} ${value}`),
    "",
  ].join("\n");
