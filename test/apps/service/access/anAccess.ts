import { type Access, type AccessOptions, openAccess } from "../../../../src/apps/service/access/access.ts";
import type { Database } from "../../../../src/apps/service/database/database.ts";

/** Of a service on this machine alone. */
export const anAccess = (database: Database, own: Partial<AccessOptions> = {}): Access =>
  openAccess({
    database,
    isReachable: false,
    isSecure: false,
    isMetricsOpen: false,
    sessionMinutes: 30,
    sessionHours: 12,
    ...own,
  });
