import { type Code, codeItem } from "../code.ts";
import { decimalString } from "../decimalString.ts";
import type { NaturalDataset } from "../part10.ts";
import { templateCodes } from "./templateCodes.ts";

/** How a content item of a structured report belongs to the one above it (PS3.3 Table C.17.3-8). */
export type Relationship =
  | "CONTAINS"
  | "HAS OBS CONTEXT"
  | "HAS ACQ CONTEXT"
  | "HAS CONCEPT MOD"
  | "HAS PROPERTIES"
  | "INFERRED FROM";

/** A node of a structured report's tree (PS3.3 C.17.3). */
export type ContentItem = NaturalDataset;

/** Items that may be left out: what is unknown makes no item. */
export type Children = readonly (ContentItem | undefined)[];

const item = (
  relationship: Relationship,
  valueType: string,
  name: Code | undefined,
  value: NaturalDataset,
  children: Children,
): ContentItem => ({
  RelationshipType: relationship,
  ValueType: valueType,
  ConceptNameCodeSequence: name && codeItem(name),
  ...value,
  ContentSequence: contentOf(children),
});

const contentOf = (children: Children): readonly ContentItem[] | undefined => {
  const known = children.filter((child) => child !== undefined);
  return known.length === 0 ? undefined : known;
};

/**
 * A heading with items below it.
 * @param template of PS3.16 that its content follows: `1411`
 */
export const container = (
  relationship: Relationship,
  name: Code,
  children: Children,
  template?: string,
): ContentItem => item(relationship, "CONTAINER", name, containerOf(template), children);

/** The attributes of a whole document: SR Document Content module. */
export function rootContainer(name: Code, template: string, children: Children): ContentItem {
  const { RelationshipType: _, ...root } = container("CONTAINS", name, children, template);
  return root;
}

const containerOf = (template: string | undefined): NaturalDataset => ({
  ContinuityOfContent: "SEPARATE",
  ContentTemplateSequence: template && { MappingResource: "DCMR", TemplateIdentifier: template },
});

/** A coded answer. */
export const code = (
  relationship: Relationship,
  name: Code,
  value: Code,
  children: Children = [],
): ContentItem => item(relationship, "CODE", name, { ConceptCodeSequence: codeItem(value) }, children);

/** What holds or does not, in the words of CID 230. */
export const yesNo = (relationship: Relationship, name: Code, value: boolean): ContentItem =>
  code(relationship, name, value ? templateCodes.yes : templateCodes.no);

/** A number of four digits for who reads it, and beside it, where these round it, the exact one (Floating Point Value). */
export function num(
  relationship: Relationship,
  name: Code,
  value: number,
  unit: Code,
  children: Children = [],
): ContentItem {
  const read = decimalString(Number(value.toPrecision(4)));
  const measured = {
    NumericValue: read,
    FloatingPointValue: Number(read) === value ? undefined : value,
    MeasurementUnitsCodeSequence: codeItem(unit),
  };
  return item(relationship, "NUM", name, { MeasuredValueSequence: measured }, children);
}

/** Free text. */
export const text = (
  relationship: Relationship,
  name: Code,
  value: string,
  children: Children = [],
): ContentItem => item(relationship, "TEXT", name, { TextValue: value }, children);

/** A UID. */
export const uidref = (relationship: Relationship, name: Code, value: string): ContentItem =>
  item(relationship, "UIDREF", name, { UID: value }, []);

/** A stored image, or one segment of a stored segmentation. */
export interface ImageReference {
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly segment?: number;
}

/** A reference to an image. */
export const image = (
  relationship: Relationship,
  name: Code | undefined,
  reference: ImageReference,
): ContentItem =>
  item(
    relationship,
    "IMAGE",
    name,
    {
      ReferencedSOPSequence: {
        ReferencedSOPClassUID: reference.sopClass,
        ReferencedSOPInstanceUID: reference.sopInstance,
        ReferencedSegmentNumber: reference.segment,
      },
    },
    [],
  );
