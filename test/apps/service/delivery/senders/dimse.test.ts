import { expect, test } from "vitest";
import { outcomeOfScu } from "../../../../../src/apps/service/delivery/senders/dimse.ts";

test.each<[string, Parameters<typeof outcomeOfScu>[0], string]>([
  ["all are stored, one with a warning", { statuses: [0, 0xb000, 0x0111] }, "taken"],
  ["one does not match", { statuses: [0, 0xa900] }, "refused"],
  ["one is of a kind that is not taken", { statuses: [0, "SOP class 1.2.3"] }, "refused"],
  ["there was no room for one", { statuses: [0xa702, 0] }, "later"],
  ["one failed in an unknown way", { statuses: [0x0110] }, "later"],
  ["the association ended before", { statuses: [0, "no answer"] }, "later"],
  ["there was none", { failed: "rejected" }, "later"],
])("%s", (_, answer, outcome) => {
  expect(outcomeOfScu(answer).outcome).toBe(outcome);
});
