import type { Migration } from "../migration.ts";

/** Who may use the service: people by accounts and their sessions, programs by tokens. No secret is kept, but hashes. */
export const accounts: Migration = {
  number: 5,
  name: "accounts",
  sql: `
    create table trinephron.accounts (
      id integer generated always as identity primary key,
      -- In small letters.
      name text not null unique,
      role text not null check (role in ('reader', 'physician', 'administrator', 'auditor')),
      -- In the PHC string format; null: signed in by a provider of OpenID Connect alone.
      password text,
      -- Issuer and subject of OpenID Connect.
      subject text unique,
      disabled boolean not null default false,
      created_at timestamptz not null default now(),
      signed_in_at timestamptz
    );
    create table trinephron.sessions (
      -- SHA-256 of the secret that the browser has.
      hash text primary key,
      account_id integer not null references trinephron.accounts on delete cascade,
      began_at timestamptz not null,
      seen_at timestamptz not null
    );
    create index sessions_of_account on trinephron.sessions (account_id);
    create table trinephron.tokens (
      name text primary key,
      -- SHA-256 of the token.
      hash text not null unique,
      -- Divided by spaces.
      scopes text not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
  `,
};
