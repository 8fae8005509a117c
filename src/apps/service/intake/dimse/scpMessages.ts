import type { StagedFile } from "../../pixels/stagedFile.ts";
import type { Announced } from "../instance.ts";

/** How images are taken by C-STORE. */
export interface ScpSettings {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly aeTitle: string;
  /** Calling AE titles that may send; empty: any. */
  readonly callers: readonly string[];
  /** Addresses that may send, `10.1.2.3` or `10.1.0.0/16`; empty: any. */
  readonly addresses: readonly string[];
  readonly maxConnections: number;
  readonly maxPduBytes: number;
  readonly maxInstanceBytes: number;
  /** A connection that sends no whole PDU for so long is closed. */
  readonly idleSeconds: number;
  /** Where files lie until they are received. */
  readonly incoming: string;
}

/** From the process that listens to the one that started it. */
export type FromScp =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  /** A file that lies on the disk as a whole. */
  | { readonly kind: "store"; readonly id: number; readonly file: StagedFile; readonly announced: Announced }
  /** A connection or association that was not taken, or was cut off. */
  | { readonly kind: "refused"; readonly why: string };

/** The other way: the status of an image that was sent. */
export interface ToScp {
  readonly id: number;
  /** 0: it is safe. */
  readonly status: number;
}
