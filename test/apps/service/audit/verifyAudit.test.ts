import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { start } from "../../../../src/apps/service/audit/chain.ts";
import type { AuditEntry } from "../../../../src/apps/service/audit/entry.ts";
import { verifyAudit } from "../../../../src/apps/service/audit/verifyAudit.ts";
import { anEntry, chained } from "./anEntry.ts";

const texts = [
  "moment",
  "actor",
  "way",
  "aeTitle",
  "address",
  "action",
  "studyUid",
  "request",
  "detail",
] as const;
/** Logs of a few entries that are often alike, since that is when a swap could hide. */
const logs = fc
  .array(fc.record({ actor: fc.constantFrom("local", "service"), detail: fc.string({ maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map(chained);
const some = fc.nat();
const verify = (entries: readonly AuditEntry[], head?: string) => verifyAudit([entries], head);
const refused = async (entries: readonly AuditEntry[], head?: string): Promise<void> => {
  await expect(verify(entries, head)).rejects.toMatchObject({ code: "E_AUDIT" });
};

describe("a log as it was written", () => {
  test("is right, and has all of its hashes", () =>
    fc.assert(
      fc.asyncProperty(logs, some, async (log, n) => {
        const found = { entries: log.length, head: log.at(-1)!.hash };
        expect(await verify(log)).toEqual(found);
        expect(await verify(log, log[n % log.length].hash)).toEqual(found);
      }),
    ));

  test("is empty at first", async () => {
    expect(await verify([])).toEqual({ entries: 0, head: start.hash });
    await refused([], chained([{}])[0].hash);
  });

  test("is hashed as the page says", () => {
    const [first] = chained([{}]);
    const { hash, previous, id, ...told } = first;
    const text = JSON.stringify([previous, id, ...Object.values(told)]);
    expect(hash).toBe(createHash("sha256").update(text).digest("hex"));
  });
});

describe("a log that was touched afterwards is refused", () => {
  test("one value changed", () =>
    fc.assert(
      fc.asyncProperty(
        logs,
        some,
        fc.constantFrom(...texts, "id", "previous", "hash"),
        fc.string(),
        async (log, n, name, value) => {
          const at = n % log.length;
          const changed = name === "id" ? log[at].id + 1 + value.length : value;
          fc.pre(changed !== log[at][name]);
          await refused(log.with(at, { ...log[at], [name]: changed }));
        },
      ),
    ));

  test("letters moved from one value to the next", () => {
    const [only] = chained([{}]);
    return refused([{ ...only, way: "C-STOR", aeTitle: `E${anEntry.aeTitle}` }]);
  });

  test("one entry removed; the last one, where a hash of it was kept", () =>
    fc.assert(
      fc.asyncProperty(logs, some, (log, n) => refused(log.toSpliced(n % log.length, 1), log.at(-1)!.hash)),
    ));

  test("two entries swapped", () =>
    fc.assert(
      fc.asyncProperty(logs, some, some, async (log, a, b) => {
        const [one, other] = [a % log.length, b % log.length];
        fc.pre(one !== other);
        await refused(log.with(one, log[other]).with(other, log[one]));
      }),
    ));

  test("one entry put in, though it follows on what is before it", () =>
    fc.assert(
      fc.asyncProperty(logs, some, async (log, n) => {
        const at = n % log.length;
        const [put] = chained([...log.slice(0, at), { actor: "somebody" }]).slice(-1);
        await refused(log.toSpliced(at, 0, put));
      }),
    ));

  test("all written anew from one entry on, where a later hash was kept", () =>
    fc.assert(
      fc.asyncProperty(logs, some, (log, n) => {
        const at = n % log.length;
        return refused(chained(log.with(at, { ...log[at], actor: "somebody" })), log.at(-1)!.hash);
      }),
    ));

  test("which entry, and what is wrong with it, is told", async () => {
    const log = chained([{}, {}, {}]);
    await expect(verify(log.with(1, { ...log[1], actor: "nobody" }))).rejects.toThrow(
      "entry 2 of 2026-01-31T08:00:00.123Z (study received): what it says is not what its hash was made of",
    );
    await expect(verify(log.toSpliced(1, 1))).rejects.toThrow(/^entry 3 of .*: it follows on entry 1: /);
    await expect(verify(log.slice(1))).rejects.toThrow(/^entry 2 of .*: it follows on nothing/);
    await expect(verify(log.slice(0, 2), log[2].hash)).rejects.toThrow(/^after entry 2, the last: the hash /);
  });
});
