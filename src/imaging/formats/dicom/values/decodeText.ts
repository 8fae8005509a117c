import { type CharacterSet, designated, type Term, termOf } from "./characterSets.ts";
import { latin1 } from "./latin1.ts";

interface DecodedText {
  readonly text: string;
  /** What was guessed or lost, each in words that follow the attribute's name. */
  readonly faults: readonly string[];
}

const unknown = "\uFFFD";
const [tab, carriageReturn, escapeByte] = [0x09, 0x0d, 0x1b];

/**
 * The characters that bytes stand for in a Specific Character Set, code extensions by ISO 2022 included (PS3.5 § 6.1.2):
 * G0 and G1 are designated apart by escape sequences, which are no part of the text, and are again those of the first
 * term behind a delimiter. What stands for no character becomes U+FFFD.
 *
 * @param terms values of Specific Character Set; none where the file has none
 * @param delimiters characters that divide the value: of a person's name `\^=`
 */
export function decodeText(bytes: Uint8Array, terms: readonly string[], delimiters = "\\"): DecodedText {
  if (bytes.every((byte) => byte < 0x80 && byte !== escapeByte)) return { text: latin1(bytes), faults: [] };
  const known = (terms.length === 0 ? [""] : terms).map(termOf);
  const [first] = known;
  if (first.encoding !== undefined) return inEncoding(bytes, first, known);
  if (first.set?.name === "13" && !bytes.includes(escapeByte) && bytes.some((byte) => !isJisX0201(byte)))
    return inEncoding(bytes, { ...first, encoding: "shift_jis" }, known, "read as Shift JIS");
  return new Decoder(known, delimiters).decode(bytes);
}

const isJisX0201 = (byte: number) => byte < 0x80 || (byte > 0xa0 && byte < 0xe0);

function inEncoding(bytes: Uint8Array, first: Term, terms: readonly Term[], guess?: string): DecodedText {
  const text = new TextDecoder(first.encoding).decode(bytes);
  const clean = text.replaceAll("\u001b", unknown);
  const lost = clean !== text || broken(bytes, first);
  return {
    text: clean,
    faults: [
      ...(lost ? [`has bytes that are no text in ${first.name}: shown as ${unknown}`] : []),
      ...(guess ? [`has bytes beyond ${first.name}: ${guess}`] : []),
      ...(first.misspelt ? [misspelt(first)] : []),
      ...(terms.length > 1 ? [`has character sets beside ${first.name}, which stands alone`] : []),
    ],
  };
}

function broken(bytes: Uint8Array, { encoding }: Term): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return false;
  } catch {
    return true;
  }
}

const misspelt = ({ name }: Term) => `is in a misspelt character set: read as ${name}`;

/** A machine with a set in each half. */
class Decoder {
  readonly #terms: readonly Term[];
  readonly #delimiters: string;
  readonly #faults = new Set<string>();
  #g0: CharacterSet;
  #g1: CharacterSet | undefined;

  constructor(terms: readonly Term[], delimiters: string) {
    this.#terms = terms;
    this.#delimiters = delimiters;
    this.#g0 = ascii;
    this.#reset();
  }

  decode(bytes: Uint8Array): DecodedText {
    let text = "";
    for (let at = 0; at < bytes.length; ) {
      const byte = bytes[at];
      const [characters, length] =
        byte === escapeByte
          ? this.#designate(bytes, at)
          : byte < 0x80
            ? this.#low(bytes, at)
            : this.#high(bytes, at);
      text += characters;
      at += length;
    }
    for (const term of this.#terms) if (term.misspelt && term.set) this.#faults.add(misspelt(term));
    return { text: composed(text), faults: [...this.#faults] };
  }

  #designate(bytes: Uint8Array, at: number): [characters: string, length: number] {
    const found = designated(String.fromCharCode(...bytes.subarray(at + 1, at + 4)));
    if (!found) {
      this.#faults.add(`has an escape sequence of no known character set: shown as ${unknown}`);
      return [unknown, 1];
    }
    const { set, length } = found;
    const declared = set.name === "6" || this.#terms.some((term) => term.set?.name === set.name);
    if (!declared)
      this.#faults.add(
        `is in part in ISO 2022 IR ${set.name}, which its Specific Character Set does not name`,
      );
    if (set.half === "G0") this.#g0 = set;
    else this.#g1 = set;
    return ["", length + 1];
  }

  #low(bytes: Uint8Array, at: number): [characters: string, length: number] {
    const [first, second = 0] = [bytes[at], bytes[at + 1]];
    const pair = this.#g0.bytes === 2 && isGraphic(first) && isGraphic(second);
    if (pair) return [this.#g0.character(first, second) ?? this.#none(this.#g0), 2];
    const character = String.fromCharCode(first);
    if (this.#delimiters.includes(character) || (first >= tab && first <= carriageReturn)) this.#reset();
    return [character, 1];
  }

  #high(bytes: Uint8Array, at: number): [characters: string, length: number] {
    const [first, second = 0] = [bytes[at], bytes[at + 1]];
    const set = this.#g1 ?? this.#guessed();
    if (set === undefined) return [this.#none(undefined), 1];
    if (set.bytes === 2) {
      if (first > 0xa0 && second > 0xa0 && first < 0xff && second < 0xff)
        return [set.character(first & 0x7f, second & 0x7f) ?? this.#none(set), 2];
      return [this.#none(set), 1];
    }
    if (set.name === "100" && first < 0xa0) {
      const character = windows1252[first - 0x80];
      if (character !== " ") {
        this.#faults.add("has bytes from 80 to 9F, which ISO 8859-1 lacks: read as Windows-1252");
        return [character, 1];
      }
    }
    return [first < 0xa0 ? this.#none(set) : (set.character(first & 0x7f, 0) ?? this.#none(set)), 1];
  }

  /** Where no set is designated to G1: the only one of two bytes the file names, else Latin alphabet 1. */
  #guessed(): CharacterSet | undefined {
    if (!this.#terms[0].set) return undefined;
    const named = this.#terms.flatMap(({ set }) => (set?.half === "G1" && set.bytes === 2 ? [set] : []));
    const [set, name] =
      named.length === 1 ? [named[0], `ISO 2022 IR ${named[0].name}`] : [latinAlphabet1, "ISO 8859-1"];
    this.#faults.add(`has bytes beyond ASCII without a character set: read as ${name}`);
    return set;
  }

  #none(set: CharacterSet | undefined): string {
    const [first] = this.#terms;
    this.#faults.add(
      set
        ? `has bytes that are no text in ISO 2022 IR ${set.name}: shown as ${unknown}`
        : `is in the character set ${JSON.stringify(first.name)}, which is not known: shown as ${unknown}`,
    );
    return unknown;
  }

  /** To the sets of the first term. */
  #reset(): void {
    this.#g0 = ascii;
    const { set } = this.#terms[0];
    this.#g1 = set?.half === "G1" ? set : undefined;
  }
}

const ascii = termOf("ISO_IR 6").set!;
const latinAlphabet1 = termOf("ISO_IR 100").set!;

const [initials, vowels, finals] = [
  "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ",
  "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ",
  "\u3164ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ",
];
const letters = new RegExp(`\u3164([${initials}])([${vowels}])([${finals}])`, "g");

/** Syllables that KS X 1001 has no code for are written by their letters behind a filler (its annex 3). */
const composed = (text: string): string =>
  text.replaceAll(letters, (_, initial: string, vowel: string, final: string) =>
    String.fromCharCode(
      0xac00 + (initials.indexOf(initial) * 21 + vowels.indexOf(vowel)) * 28 + finals.indexOf(final),
    ),
  );

const isGraphic = (byte: number) => byte > 0x20 && byte < 0x7f;
/** Bytes 80 to 9F; a blank where there is no character. */
const windows1252 = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
