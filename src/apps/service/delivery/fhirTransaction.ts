import type { FhirBundle, FhirResource } from "../../../imaging/formats/fhir/resource.ts";
import { urnUuid } from "../../../imaging/formats/fhir/urn.ts";

/**
 * A report's bundle as a FHIR transaction that puts each resource under an id of its own. The ids follow from the study
 * and from what a resource is about, so that a later result of the study replaces the earlier one; the model's Device is
 * one for all studies.
 */
export function fhirTransaction({ entry }: FhirBundle, studyUid: string): object {
  const ordinals = new Map<string, number>();
  const urls = new Map(
    entry.map(({ fullUrl, resource }) => {
      const { seed, key } = identity(resource, studyUid);
      const ordinal = ordinals.get(key) ?? 0;
      ordinals.set(key, ordinal + 1);
      return [fullUrl, urnUuid(`trinephron ${seed}`, ordinal === 0 ? key : `${key} ${ordinal}`)] as const;
    }),
  );
  return {
    resourceType: "Bundle",
    type: "transaction",
    entry: entry.map(({ fullUrl, resource }) => {
      const url = urls.get(fullUrl)!;
      const id = url.slice("urn:uuid:".length);
      return {
        fullUrl: url,
        resource: { ...withReferences(resource, urls), id },
        request: { method: "PUT", url: `${resource.resourceType}/${id}` },
      };
    }),
  };
}

interface Coded {
  readonly code?: { readonly coding?: readonly { readonly system?: string; readonly code?: string }[] };
  readonly serialNumber?: string;
}

function identity(resource: FhirResource, studyUid: string): { readonly seed: string; readonly key: string } {
  const { resourceType } = resource;
  const { code, serialNumber } = resource as Coded;
  if (resourceType === "Device" && serialNumber !== undefined)
    return { seed: serialNumber, key: resourceType };
  const [first] = code?.coding ?? [];
  return { seed: studyUid, key: [resourceType, first?.system, first?.code].join(" ") };
}

/** The resource with every reference to another of the bundle by its new URL. */
const withReferences = (resource: FhirResource, urls: ReadonlyMap<string, string>): FhirResource =>
  JSON.parse(JSON.stringify(resource), (key, value) =>
    key === "reference" ? (urls.get(value) ?? value) : value,
  );
