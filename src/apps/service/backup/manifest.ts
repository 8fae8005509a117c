import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

/** Names of its files. */
export const backupFiles = {
  manifest: "manifest.json",
  /** Of a table, in the folder of the backup. */
  table: (name: string) => `tables/${name}.jsonl`,
} as const;

/** The stores of a data folder, each a folder of files by their SHA-256. */
export const stores = ["images", "results"] as const;
export type StoreName = (typeof stores)[number];

const storeEntry = z.strictObject({ files: count, bytes: count });

/** What a backup holds. It is written last: a folder without it is no backup. */
export const backupManifest = z.strictObject({
  format: z.literal("trinephron-backup/1"),
  software: z.string(),
  created: z.iso.datetime(),
  /** Steps of the tables that were applied, in their order. */
  migrations: z.array(z.strictObject({ number: z.int(), name: z.string() })),
  /** In the order in which they can be filled. */
  tables: z.array(z.strictObject({ name: z.string().regex(/^[a-z_]+$/), rows: count, bytes: count, sha256 })),
  images: storeEntry,
  results: storeEntry,
  audit: z.strictObject({ entries: count, head: z.string() }),
});
export type BackupManifest = z.output<typeof backupManifest>;
