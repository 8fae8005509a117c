/** A set of characters that bytes stand for (PS3.3 C.12.1.1.2, Tables C.12-2 to C.12-5). */
export interface CharacterSet {
  /** Number in the ISO register, or the defined term of a set that stands alone. */
  readonly name: string;
  /** Bytes a character. */
  readonly bytes: 1 | 2;
  /** Whether it is designated to G0, the bytes below 80, or G1, those above. */
  readonly half: "G0" | "G1";
  /** The character of a byte, or of two, as they lie in G0 (below 80); undefined where there is none. */
  character(first: number, second: number): string | undefined;
}

/** Characters that Node's tables give another code point than the registers' (and Python's) do. */
const otherwise: Readonly<Record<string, string>> = {
  "58 2124": "・",
  "58 212a": "―",
  "87 2141": "〜",
  "87 2142": "‖",
  "87 215d": "−",
  "87 2171": "¢",
  "87 2172": "£",
  "87 224c": "¬",
  "149 2266": "€",
  "149 2267": "®",
  "159 2237": "~",
};

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

function decodedBy(label: string, bytes: readonly number[]): string | undefined {
  let decoder = decoders.get(label);
  if (!decoder) {
    decoder = new TextDecoder(label);
    decoders.set(label, decoder);
  }
  const text = decoder.decode(Uint8Array.from(bytes));
  // No set has control characters or private ones above A0.
  return /^[^\p{Cc}\p{Co}\uFFFD]$/u.test(text) ? text : undefined;
}

const single = (name: string, label: string): CharacterSet => ({
  name,
  bytes: 1,
  half: "G1",
  character: (first) => decodedBy(label, [first | 0x80]),
});

const double = (
  name: string,
  half: CharacterSet["half"],
  label: string,
  prefix: readonly number[] = [],
): CharacterSet => ({
  name,
  bytes: 2,
  half,
  character: (first, second) =>
    otherwise[`${name} ${((first << 8) | second).toString(16)}`] ??
    decodedBy(label, [...prefix, first | 0x80, second | 0x80]),
});

const ascii: CharacterSet = {
  name: "6",
  bytes: 1,
  half: "G0",
  character: (first) => String.fromCharCode(first),
};

/** By number in the ISO register; that of Latin alphabet 9, 203, is no term of DICOM's, but is met. */
const sets: Readonly<Record<string, CharacterSet>> = {
  "6": ascii,
  "13": {
    name: "13",
    bytes: 1,
    half: "G1",
    // Half-width katakana, JIS X 0201.
    character: (first) =>
      first >= 0x21 && first <= 0x5f ? String.fromCharCode(0xff61 + first - 0x21) : undefined,
  },
  // Its romaji, but for the yen sign, which is written where the backslash divides values.
  "14": { ...ascii, name: "13" },
  "58": double("58", "G1", "gbk"),
  "87": double("87", "G0", "euc-jp"),
  "100": {
    name: "100",
    bytes: 1,
    half: "G1",
    character: (first) => (first >= 0x20 ? String.fromCharCode(first | 0x80) : undefined),
  },
  "101": single("101", "iso-8859-2"),
  "109": single("109", "iso-8859-3"),
  "110": single("110", "iso-8859-4"),
  "126": single("126", "iso-8859-7"),
  "127": single("127", "iso-8859-6"),
  "138": single("138", "iso-8859-8"),
  "144": single("144", "iso-8859-5"),
  "148": single("148", "iso-8859-9"),
  "149": double("149", "G1", "euc-kr"),
  "159": double("159", "G0", "euc-jp", [0x8f]),
  "166": single("166", "windows-874"),
  "203": single("203", "iso-8859-15"),
};

/** Escape sequences that designate a set, without the escape (Tables C.12-3 and C.12-4). */
const escapes: Readonly<Record<string, CharacterSet>> = {
  "(B": sets["6"],
  "(J": sets["14"],
  ")I": sets["13"],
  "-A": sets["100"],
  "-B": sets["101"],
  "-C": sets["109"],
  "-D": sets["110"],
  "-F": sets["126"],
  "-G": sets["127"],
  "-H": sets["138"],
  "-L": sets["144"],
  "-M": sets["148"],
  "-T": sets["166"],
  "-b": sets["203"],
  "$)A": sets["58"],
  $B: sets["87"],
  // JIS C 6226 of 1978, which JIS X 0208 replaced.
  "$@": sets["87"],
  "$)C": sets["149"],
  "$(D": sets["159"],
};

/** The set that an escape sequence designates, and its length. @param text what follows the escape */
export function designated(text: string): { set: CharacterSet; length: number } | undefined {
  for (const length of [2, 3]) {
    const set = escapes[text.slice(0, length)];
    if (set) return { set, length };
  }
  return undefined;
}

/** Encodings that stand alone, without code extensions. */
const alone: Readonly<Record<string, string>> = {
  "ISO_IR 192": "utf-8",
  GB18030: "gb18030",
  GBK: "gbk",
};

/** What a value of Specific Character Set means. */
export interface Term {
  /** As the standard writes it. */
  readonly name: string;
  /** Whether the file writes it otherwise. */
  readonly misspelt: boolean;
  readonly set?: CharacterSet;
  /** Label of an encoding that stands alone. */
  readonly encoding?: string;
}

/** @returns neither set nor encoding where the term is not known */
export function termOf(written: string): Term {
  if (written === "") return { name: "ISO_IR 6", misspelt: false, set: ascii };
  const [, extended, number] =
    /^ISO[ _-]?(2022)?[ _-]?IR[ _-]?(\d+)$/i.exec(written) ??
    /^(ISO[ _-]?2022)[ _-](58)$/i.exec(written) ??
    [];
  const name =
    number !== undefined
      ? extended && number !== "192"
        ? `ISO 2022 IR ${number}`
        : `ISO_IR ${number}`
      : /^UTF[ _-]?8$/i.test(written)
        ? "ISO_IR 192"
        : written.replace(/^ISO 2022 (?=GBK$)/, "").toUpperCase();
  const set = number === undefined ? undefined : sets[number];
  const encoding = alone[name];
  return {
    name: set || encoding ? name : written,
    misspelt: name !== written,
    ...(set && { set }),
    ...(encoding !== undefined && { encoding }),
  };
}
