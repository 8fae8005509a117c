import type { Code, CodingScheme } from "../dicom/write/code.ts";
import { codeSystems, systemUrl } from "./codeSystems.ts";
import { type Coding, type Concept, coding, concept } from "./concept.ts";

/** A measured value (FHIR Quantity). */
interface Quantity {
  readonly value: number;
  /** For who reads it. */
  readonly unit: string;
  readonly system: string;
  readonly code: string;
}

/** A value beside an observation's own (FHIR Observation.component). */
interface Component {
  readonly code: Concept;
  readonly valueQuantity: Quantity;
}

/** DICOM's codes as FHIR has them. All throw E_FORMAT at a code whose scheme is neither public nor one's own. */
export interface Coded {
  codingOf(code: Code): Coding;
  /** @param text the code's meaning by default */
  coded(code: Code, text?: string): Concept;
  quantity(value: number, unit: Code): Quantity;
  /** None where the value is unknown. */
  component(code: Code, value: number | null | undefined, unit: Code): Component[];
}

/** @param own schemes beside those of `codeSystems` */
export function codedIn(...own: readonly CodingScheme[]): Coded {
  const systems = codeSystems(own);
  const codingOf = ([value, scheme, meaning]: Code) => coding(systemUrl(systems, scheme), value, meaning);
  const coded = (code: Code, text = code[2]) => concept([codingOf(code)], text);
  const quantity = (value: number, [code, scheme, meaning]: Code) => ({
    value,
    unit: isRead.test(code) ? code : meaning,
    system: systemUrl(systems, scheme),
    code,
  });
  const component = (code: Code, value: number | null | undefined, unit: Code) =>
    value === undefined || value === null
      ? []
      : [{ code: coded(code), valueQuantity: quantity(value, unit) }];
  return { codingOf, coded, quantity, component };
}

/** A unit's code that a reader knows, as `mm` is and `{ratio}` is not. */
const isRead = /^[a-z]+$/i;
