/** Elements of a FHIR resource or datatype; undefined ones are left out when it is bundled. */
export type Elements = Readonly<Record<string, unknown>>;

export interface FhirResource extends Elements {
  readonly resourceType: string;
}

export interface FhirEntry {
  readonly fullUrl: string;
  readonly resource: FhirResource;
}

/** A set of resources that says nothing of where they go. */
export interface FhirBundle extends FhirResource {
  readonly resourceType: "Bundle";
  readonly type: "collection";
  readonly entry: readonly FhirEntry[];
}
