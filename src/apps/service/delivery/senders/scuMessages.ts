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
       * Of each file: its status; its SOP class or transfer syntax, where the receiver does not take that; or that there
       * was no answer before the association ended.
       */
      readonly statuses: readonly (number | string)[];
    }
  /** There was no association. */
  | { readonly failed: string };
