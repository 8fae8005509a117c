/** What an account is for. */
export const roles = ["reader", "physician", "administrator", "auditor"] as const;
export type Role = (typeof roles)[number];

/** What a token of a program may be good for. */
export const scopes = [
  "studies:read",
  "studies:write",
  "studies:delete",
  "images:send",
  "deliveries:replay",
  "audit:read",
  "metrics:read",
] as const;
export type Scope = (typeof scopes)[number];

/** Who may do something. */
interface Rule {
  readonly roles: readonly Role[];
  /** Tokens with this scope; undefined: none. */
  readonly scope?: Scope;
  /** Whoever uses this machine, as long as there are no accounts. */
  readonly withoutAccounts: boolean;
  /** Whoever asks: nothing is looked up, and nothing of patients or accounts is told. */
  readonly anyone?: true;
}

const physicians: readonly Role[] = ["physician", "administrator"];
const readers: readonly Role[] = ["reader", ...physicians];

/** The one table of who may do what. Every route of HTTP names one of these. */
export const policy = {
  "watch over the service": { roles, withoutAccounts: true, anyone: true },
  "sign in": { roles, withoutAccounts: true, anyone: true },
  "use the own account": { roles, withoutAccounts: false },
  "see studies": { roles: readers, scope: "studies:read", withoutAccounts: true },
  "change studies": { roles: physicians, scope: "studies:write", withoutAccounts: true },
  "delete studies": { roles: ["administrator"], scope: "studies:delete", withoutAccounts: true },
  "send images": { roles: [], scope: "images:send", withoutAccounts: true },
  "see deliveries": { roles: physicians, scope: "studies:read", withoutAccounts: true },
  "replay deliveries": { roles: ["administrator"], scope: "deliveries:replay", withoutAccounts: true },
  "read the audit log": { roles: ["auditor"], scope: "audit:read", withoutAccounts: true },
  "see metrics": { roles: ["administrator"], scope: "metrics:read", withoutAccounts: true },
  "manage accounts": { roles: ["administrator"], withoutAccounts: false },
} as const satisfies Readonly<Record<string, Rule>>;

/** What somebody may do, or not. */
export type Action = keyof typeof policy;

/** Whoever asks for something. */
export type Caller =
  /** Nobody has said who it is. */
  | { readonly kind: "nobody" }
  /** There are no accounts: whoever uses this machine. */
  | { readonly kind: "local" }
  | { readonly kind: "account"; readonly name: string; readonly role: Role }
  | { readonly kind: "token"; readonly name: string; readonly scopes: readonly Scope[] };

export const nobody: Caller = { kind: "nobody" };
export const local: Caller = { kind: "local" };

export function may(caller: Caller, action: Action): boolean {
  const rule: Rule = policy[action];
  if (rule.anyone) return true;
  switch (caller.kind) {
    case "nobody":
      return false;
    case "local":
      return rule.withoutAccounts;
    case "account":
      return rule.roles.includes(caller.role);
    case "token":
      return rule.scope !== undefined && caller.scopes.includes(rule.scope);
  }
}

/** The page that somebody begins with. */
export const homeOf = (caller: Caller): string =>
  may(caller, "see studies") || !may(caller, "read the audit log") ? "/" : "/audit";

/** Names that the audit log has for others than accounts. */
const reserved = ["service", "local", "nobody"];

/** Names of accounts and tokens: small letters, so that two are never alike but for their capitals. */
export const isName = (text: string): boolean =>
  /^[a-z\d][a-z\d._@+-]{0,63}$/.test(text) && !reserved.includes(text);

/** What the audit log calls a caller. A token's name is never one of an account, which has no spaces. */
export const callerName = (caller: Caller): string =>
  caller.kind === "account" ? caller.name : caller.kind === "token" ? `token ${caller.name}` : caller.kind;
