import type { ContentStore } from "../pixels/contentStore.ts";
import type { ResultFile, ShortAnswer } from "../studies/result.ts";
import type { Sent } from "./sent.ts";

/** A result that is to be delivered. */
export interface Outgoing {
  /** The same each time it is tried, and another for each result and destination. */
  readonly id: string;
  readonly studyUid: string;
  readonly patientId: string;
  readonly patientName: string;
  readonly accessionNumber: string;
  readonly studyDate: string;
  readonly answeredAt: Date;
  readonly images: number;
  readonly modelSha256: string;
  readonly modelSources: readonly string[];
  readonly answers: readonly ShortAnswer[];
  readonly files: readonly ResultFile[];
}

/**
 * Delivers a result to one destination; to do it again replaces what is there.
 * @param results store of the files
 * @param signal once aborted the try ends, with whatever outcome
 * @throws E_FILE_MISSING where a file is not in the store
 */
export type Send = (result: Outgoing, results: ContentStore, signal: AbortSignal) => Promise<Sent>;
