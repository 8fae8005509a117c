/** What a process that sends by C-STORE is to do. */
export interface ScuJob {
  readonly host: string;
  readonly port: number;
  readonly aeTitle: string;
  readonly callingAeTitle: string;
  readonly timeoutSeconds: number;
  readonly files: readonly string[];
}

/** What became of it. */
export type ScuAnswer =
  | {
      /**
       * Of each file: its status; the kind of object where the receiver does not take that kind; or that the receiver
       * ended the association before.
       */
      readonly statuses: readonly (number | string)[];
    }
  /** There was no association. */
  | { readonly failed: string };
