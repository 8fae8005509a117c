import { z } from "zod";
import type { Statements } from "../database/database.ts";
import { type DeliveryState, deliveryStates } from "./states.ts";

/** What is asked of the list. */
export const deliveryQuery = z.object({
  state: z
    .enum(deliveryStates)
    .optional()
    .describe("deliveries in this state alone; `failed`: those given up"),
  destination: z.string().max(31).optional(),
  before: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional()
    .describe("`next` of the page before"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type DeliveryQuery = z.output<typeof deliveryQuery>;

/** A result on its way to a destination. */
export interface DeliveryLine {
  readonly id: number;
  readonly studyUid: string;
  readonly destination: string;
  readonly state: DeliveryState;
  readonly tries: number;
  /** Why the last try did not succeed. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
  /** When it is tried next, of one that waits. */
  readonly nextAt: Date | null;
}

export interface DeliveryPage {
  readonly deliveries: readonly DeliveryLine[];
  readonly next: number | undefined;
}

const columns = `d.id, s.study_uid as "studyUid", d.destination, d.state, d.tries, d.code, d.reason,
  d.created_at as "createdAt", d.changed_at as "changedAt",
  case when d.state = 'waiting' then d.next_at end as "nextAt"`;
const tables = "trinephron.deliveries d join trinephron.studies s on s.id = d.study_id";
type Found = DeliveryLine & { readonly [column: string]: unknown };

/** Deliveries, the latest first, page by page. */
export async function listDeliveries(
  { query }: Statements,
  { state, destination, before, limit }: DeliveryQuery,
): Promise<DeliveryPage> {
  const found = await query<Found>(
    `select ${columns} from ${tables}
     where ($1::text is null or d.state = $1) and ($2::text is null or d.destination = $2)
       and ($3::integer is null or d.id < $3) order by d.id desc limit $4`,
    [state ?? null, destination ?? null, before ?? null, limit + 1],
  );
  const deliveries = found.slice(0, limit);
  return { deliveries, next: found.length > limit ? deliveries.at(-1)?.id : undefined };
}

/** All deliveries of a study, the latest first. */
export const deliveriesOf = ({ query }: Statements, study: number): Promise<DeliveryLine[]> =>
  query<Found>(
    `select ${columns} from ${tables} where d.study_id = $1 order by d.attempt desc, d.destination limit 200`,
    [study],
  );

/** How many deliveries are in each state. */
export async function countDeliveries({
  query,
}: Statements): Promise<Readonly<Record<DeliveryState, number>>> {
  const found = await query<{ state: DeliveryState; n: number }>(
    "select state, count(*)::integer as n from trinephron.deliveries group by state",
  );
  const counted = new Map(found.map(({ state, n }) => [state, n]));
  return Object.fromEntries(deliveryStates.map((state) => [state, counted.get(state) ?? 0])) as never;
}
