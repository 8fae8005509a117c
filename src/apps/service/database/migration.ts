/** One numbered step of the tables. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Statements of SQL. */
  readonly sql: string;
}
