/**
 * One row. Statements ask for what both back ends return alike: whole numbers of 32 bits, double precision, text,
 * moments as `Date`, JSON as values.
 */
export type Row = Readonly<Record<string, unknown>>;

/** What runs SQL statements: a database, or one transaction of it. */
export interface Statements {
  /**
   * @param text one statement; several, divided by semicolons, where there are no values
   * @param values of `$1`, `$2`, …
   * @returns the rows, of several statements all of theirs
   */
  query<R extends Row>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

/** PostgreSQL, embedded or served. */
export interface Database extends Statements {
  readonly kind: "embedded" | "postgres";
  /**
   * What `work` does by its statements is committed as a whole, or not at all where it throws. Only those statements may
   * be used within: the embedded database has one connection, which the transaction holds.
   */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
  /**
   * Listens on a channel.
   * @param onNotice told of each notice, and of nothing in particular where some may have been missed
   * @returns a function that ends it
   */
  listen(channel: string, onNotice: (payload: string | undefined) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
