import type { Actor } from "../audit/actor.ts";
import { appendAudit } from "../audit/appendAudit.ts";
import type { Statements } from "../database/database.ts";
import type { Announced, Instance } from "./instance.ts";
import type { Origin } from "./registerInstance.ts";

interface Sending extends Pick<Announced, "actor" | "address" | "request"> {
  /** Whether the study waits for images since this one. */
  readonly isFirst: boolean;
}

/**
 * Notes that a study came in: with its first new image of an association or request; where there is none of these, as
 * from a folder, with the image since which it waits.
 * @param statements of the transaction that keeps the image, which holds the study's row
 */
export async function auditReceived(
  statements: Statements,
  { studyUid, sender }: Pick<Instance, "studyUid" | "sender">,
  origin: Origin,
  { actor, address, request, isFirst }: Sending,
): Promise<void> {
  const isNoted =
    request === undefined
      ? !isFirst
      : (
          await statements.query(
            "select 1 from trinephron.audit where request = $1 and study_uid = $2 and request <> ''",
            [request, studyUid],
          )
        ).length > 0;
  if (isNoted) return;
  await appendAudit(statements, {
    by: actorOf(origin, sender, { actor, address }),
    action: "study received",
    studyUid,
    request,
    detail: { origin },
  });
}

/** What lies in a folder, or in the store, the service takes by itself. */
const actorOf = (
  origin: Origin,
  aeTitle: string,
  { actor = "local", address }: Pick<Announced, "actor" | "address">,
): Actor =>
  origin === "C-STORE" || origin === "STOW-RS"
    ? { actor, way: origin, aeTitle, address }
    : { actor: "service" };
