import type { Access } from "../access/access.ts";
import type { Oidc } from "../access/oidc.ts";
import type { Intake } from "../intake/receiveInstance.ts";
import type { StowLimits } from "../intake/stow/stageParts.ts";
import type { ContentStore } from "../pixels/contentStore.ts";
import type { Counters } from "./metrics.ts";

/** What the routes of HTTP work with. */
export interface HttpContext {
  readonly intake: Intake;
  readonly results: ContentStore;
  /** Names of those that results go to. */
  readonly destinations: readonly string[];
  /** Names of those that images are taken from. */
  readonly orthancs: readonly string[];
  readonly limits: StowLimits;
  readonly counters: Counters;
  readonly access: Access;
  /** A provider that signs people in. */
  readonly oidc?: Oidc | undefined;
  /** What must hold for studies to come in and be read, by name; each a moment's look. */
  readonly checks: Readonly<Record<string, () => Promise<boolean>>>;
}
