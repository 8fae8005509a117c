import type { FhirBundle, FhirEntry, FhirResource } from "./resource.ts";
import { urnUuid } from "./urn.ts";

/** A resource under a URL that others of the bundle refer to it by. @param key its own within the seed */
export const entry = (seed: string, key: string, resource: FhirResource): FhirEntry => ({
  fullUrl: urnUuid(seed, key),
  resource,
});

/** A Bundle of type collection, without what is undefined, as its file will be. @param timestamp FHIR instant */
export function collection(seed: string, timestamp: string, entries: readonly FhirEntry[]): FhirBundle {
  const bundle: FhirBundle = {
    resourceType: "Bundle",
    identifier: { system: "urn:ietf:rfc:3986", value: urnUuid(seed, "bundle") },
    type: "collection",
    timestamp,
    entry: entries,
  };
  return JSON.parse(JSON.stringify(bundle)) as FhirBundle;
}
