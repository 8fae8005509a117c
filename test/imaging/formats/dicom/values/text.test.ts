import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headerOf } from "../../../../../src/imaging/formats/dicom/file/header.ts";
import {
  parseDataSet,
  readHeaders,
  readSegmentation,
  type Source,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { decodeText } from "../../../../../src/imaging/formats/dicom/values/decodeText.ts";
import { ctImage, type Item, part10, us, withElements } from "../elements.ts";
import { python, pythonModule } from "../write/peers.ts";

const latin = (text: string) => Buffer.from(text, "latin1");
/** A person's name. */
const name = (bytes: Uint8Array, ...terms: string[]) => decodeText(bytes, terms, "\\^=");

/** Every character of every set as Python has it, [defined term, bytes, character]; two-byte sets with their escapes. */
const everyCharacter = `
import json
sets = {"ISO_IR 100": "latin_1", "ISO_IR 101": "iso8859_2", "ISO_IR 109": "iso8859_3", "ISO_IR 110": "iso8859_4",
  "ISO_IR 126": "iso8859_7", "ISO_IR 127": "iso8859_6", "ISO_IR 138": "iso8859_8", "ISO_IR 144": "iso8859_5",
  "ISO_IR 148": "iso8859_9", "ISO_IR 166": "iso8859_11", "ISO_IR 13": "shift_jis"}
escapes = {"100": b"\\x1b-A", "101": b"\\x1b-B", "109": b"\\x1b-C", "110": b"\\x1b-D", "126": b"\\x1b-F", "127": b"\\x1b-G",
  "138": b"\\x1b-H", "144": b"\\x1b-L", "148": b"\\x1b-M", "166": b"\\x1b-T", "13": b"\\x1b)I"}
found = []
def add(term, raw, codec, text=None):
    try: found.append([term, raw.hex(), (text or raw).decode(codec)])
    except UnicodeDecodeError: pass
for term, codec in sets.items():
    number = term[7:]
    for byte in list(range(0x20, 0x7f)) + list(range(0xa0, 0x100)):
        add(term, bytes([byte]), codec)
        if byte >= 0xa0: add("\\\\ISO 2022 IR " + number, b"CT" + escapes[number] + bytes([byte]), codec, b"CT" + bytes([byte]))
for a in range(0x21, 0x7f):
    for b in range(0x21, 0x7f):
        low, high = bytes([a, b]), bytes([a | 128, b | 128])
        add("\\\\ISO 2022 IR 87", b"\\x1b$B" + low + b"\\x1b(B", "iso2022_jp")
        add("ISO 2022 IR 13\\\\ISO 2022 IR 87", b"\\x1b$B" + low + b"\\x1b(J", "iso2022_jp")
        add("\\\\ISO 2022 IR 159", b"\\x1b$(D" + low + b"\\x1b(B", "iso2022_jp_2")
        add("\\\\ISO 2022 IR 149", b"\\x1b$)C" + high, "euc_kr", high)
        add("\\\\ISO 2022 IR 58", b"\\x1b$)A" + high, "gb2312", high)
print(json.dumps(found))`;

/** Texts by pydicom's own encoder, or Python's, in the sets named: [terms, bytes, text]. */
const encoded = `
import json, random, sys, unicodedata
from pydicom.charset import convert_encodings, encode_string
random.seed(int(sys.argv[1]))
def alphabet(codec, ranges):
    good = []
    for first, last in ranges:
        for point in range(first, last + 1):
            c = chr(point)
            try:
                if unicodedata.category(c)[0] not in "CZ" and c not in "\\\\^=~" and c.encode(codec).decode(codec) == c: good.append(c)
            except UnicodeError: pass
    return good
ascii = [chr(c) for c in range(0x21, 0x7f) if chr(c) not in "\\\\^=~"]
kana, kanji = [chr(c) for c in range(0xff61, 0xffa0)], alphabet("iso2022_jp", [(0x3041, 0x30ff), (0x4e00, 0x9fff)])
extra = [c for c in alphabet("iso2022_jp_2", [(0x4e00, 0x9fff)]) if b"\\x1b$(D" in c.encode("iso2022_jp_2")]
hangul, hanzi = alphabet("euc_kr", [(0xac00, 0xd7a3), (0x4e00, 0x9fff)]), alphabet("gb2312", [(0x4e00, 0x9fff)])
single = lambda codec: alphabet(codec, [(0xa1, 0x24ff), (0x0e00, 0x0e7f)])
cases = [["ISO_IR " + n, None, single(c)] for n, c in
  {"100": "latin_1", "101": "iso8859_2", "109": "iso8859_3", "110": "iso8859_4", "126": "iso8859_7", "127": "iso8859_6",
   "138": "iso8859_8", "144": "iso8859_5", "148": "iso8859_9", "166": "iso8859_11"}.items()]
cases += [["ISO 2022 IR 100\\\\ISO 2022 IR 144", None, single("latin_1") + single("iso8859_5")],
  ["\\\\ISO 2022 IR 126\\\\ISO 2022 IR 127\\\\ISO 2022 IR 138", None, single("iso8859_7") + single("iso8859_6") + single("iso8859_8")],
  ["ISO_IR 13", "shift_jis", kana], ["ISO 2022 IR 13\\\\ISO 2022 IR 87", None, kana + kanji],
  ["\\\\ISO 2022 IR 87", None, kanji], ["\\\\ISO 2022 IR 87\\\\ISO 2022 IR 159", None, kanji + extra * 3],
  ["\\\\ISO 2022 IR 149", None, hangul], ["\\\\ISO 2022 IR 58", "gb2312", hanzi],
  ["ISO_IR 192", None, hangul + hanzi + kanji + single("latin_1") + [chr(0x1f600)]],
  ["GB18030", None, hanzi + hangul + kanji + [chr(0x20000)]], ["GBK", None, alphabet("gbk", [(0x4e00, 0x9fff)])]]
found = []
for terms, codec, letters in cases:
    encodings = convert_encodings(terms.split("\\\\"))
    # pydicom writes Latin 1 where ASCII is the first set, which has none of it.
    if terms.startswith("\\\\"): letters = [c for c in letters if ord(c) > 0xff]
    for n in range(60):
        parts = ["".join(random.choice(letters if random.random() < 0.7 else ascii) for _ in range(random.randint(1, 8)))
          for _ in range(random.randint(1, 5))]
        if codec == "gb2312":
            raw = b"^".join(b"\\x1b$)A" + p.encode("gb2312") for p in parts)
        elif codec:
            raw = b"^".join(p.encode(codec) for p in parts)
        else:
            raw = b"^".join(encode_string(p, encodings) for p in parts)
        found.append([terms, raw.hex(), "^".join(parts)])
print(json.dumps(found))`;

type Case = [terms: string, hex: string, text: string];
const wrong = (cases: readonly Case[]) =>
  cases.flatMap(([terms, hex, text]) => {
    const read = name(Buffer.from(hex, "hex"), ...terms.split("\\"));
    return read.text === text && read.faults.length === 0 ? [] : [{ terms, hex, text, read }];
  });

describe.skipIf(!pythonModule("pydicom"))("Python", () => {
  test("has the same character for every byte, and every two, of every set", () => {
    const cases = python<Case[]>(everyCharacter, []);
    expect(cases.length).toBeGreaterThan(35_000);
    expect(wrong(cases)).toEqual([]);
  });

  test.each([1, 2, 3])("writes texts in every set and their combinations that come back (%i)", (seed) => {
    const cases = python<Case[]>(encoded, [String(seed)]);
    expect(cases.length).toBeGreaterThan(1200);
    expect(wrong(cases)).toEqual([]);
  });
});

describe("code extensions", () => {
  test("examples of PS3.5 H.3, I.2, J.3 and K.2", () => {
    expect(
      name(
        latin(
          "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
        ),
        "ISO 2022 IR 13",
        "ISO 2022 IR 87",
      ),
    ).toEqual({ text: "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう", faults: [] });
    expect(
      name(
        latin("Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf"),
        "",
        "ISO 2022 IR 149",
      ),
    ).toEqual({ text: "Hong^Gildong=洪^吉洞=홍^길동", faults: [] });
    expect(
      name(latin("Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab="), "", "ISO 2022 IR 58"),
    ).toEqual({ text: "Zhang^XiaoDong=张^小东=", faults: [] });
  });

  test.each([
    ["capitals behind an escape stay", "\x1b$)ACT \xc9\xf6\xd4\xe0", ["", "ISO 2022 IR 58"], "CT 肾脏"],
    [
      "so do they behind every other",
      "\x1b-LCT \xbf\x1b-AMR \xe9",
      ["ISO 2022 IR 100", "ISO 2022 IR 144"],
      "CT ПMR é",
    ],
    [
      "half-width kana stay beside kanji",
      "\xc0\x1b$B?U\x1b(J\xdb",
      ["ISO 2022 IR 13", "ISO 2022 IR 87"],
      "ﾀ腎ﾛ",
    ],
    [
      "G0 and G1 are designated apart",
      "\x1b)I\x1b$B?U\x1b(B\xc0A",
      ["", "ISO 2022 IR 13", "ISO 2022 IR 87"],
      "腎ﾀA",
    ],
    [
      "a delimiter resets them",
      "\x1b-L\xbf^\xe9\\\x1b-L\xbf\\\xe9",
      ["ISO 2022 IR 100", "ISO 2022 IR 144"],
      "П^é\\П\\é",
    ],
    [
      "so does a line's end",
      "\x1b-L\xbf\r\n\xe9\t\x1b-L\xbf\f\xe9",
      ["ISO 2022 IR 100", "ISO 2022 IR 144"],
      "П\r\né\tП\fé",
    ],
    ["delimiters' bytes within kanji are none", "\x1b$B=\\\x1b(B", ["", "ISO 2022 IR 87"], "旬"],
    [
      "kanji that end without an escape end at the delimiter",
      "\x1b$B;3ED^\x1b$BB@\x1b(B",
      ["", "ISO 2022 IR 87"],
      "山田^太",
    ],
  ])("%s", (_, bytes, terms, text) => {
    const read = name(latin(bytes), ...terms);
    expect(read.text).toBe(text);
    expect(read.faults).toEqual([]);
  });

  test("a caret or an equals sign resets nothing in what is no name", () => {
    expect(decodeText(latin("\x1b-L\xbf^=\xbf"), ["ISO 2022 IR 100", "ISO 2022 IR 144"]).text).toBe("П^=П");
  });
});

test.each([
  [
    "é without a character set",
    "\xe9",
    [],
    "é",
    "has bytes beyond ASCII without a character set: read as ISO 8859-1",
  ],
  [
    "Korean without its escapes",
    "\xb1\xe8",
    ["", "ISO 2022 IR 149"],
    "김",
    "has bytes beyond ASCII without a character set: read as ISO 2022 IR 149",
  ],
  [
    "a set that is not declared",
    "\x1b$)C\xb1\xe8",
    ["ISO_IR 100"],
    "김",
    "is in part in ISO 2022 IR 149, which its Specific Character Set does not name",
  ],
  [
    "a set that nobody knows",
    "A\xe9\xe8",
    ["ISO_IR 999"],
    "A��",
    'is in the character set "ISO_IR 999", which is not known: shown as �',
  ],
  ["a misspelt set", "\xe9", ["ISO-IR 100"], "é", "is in a misspelt character set: read as ISO_IR 100"],
  ["bytes of no character", "A\xc9\x41", ["", "ISO 2022 IR 58"], "A�A", expect.anything()],
  [
    "bytes that are no UTF-8",
    "A\xe9B",
    ["ISO_IR 192"],
    "A�B",
    "has bytes that are no text in ISO_IR 192: shown as �",
  ],
  [
    "an escape in UTF-8",
    "A\x1b$B",
    ["ISO_IR 192"],
    "A�$B",
    "has bytes that are no text in ISO_IR 192: shown as �",
  ],
  [
    "an unknown escape",
    "A\x1b%G",
    [""],
    "A�%G",
    "has an escape sequence of no known character set: shown as �",
  ],
  [
    "quotes of Windows",
    "\x93A\x94",
    ["ISO_IR 100"],
    "“A”",
    "has bytes from 80 to 9F, which ISO 8859-1 lacks: read as Windows-1252",
  ],
  [
    "no character of Thai",
    "\xff",
    ["ISO_IR 166"],
    "�",
    "has bytes that are no text in ISO 2022 IR 166: shown as �",
  ],
  [
    "Shift JIS under ISO_IR 13",
    "\x90t",
    ["ISO_IR 13"],
    "腎",
    "has bytes beyond ISO_IR 13: read as Shift JIS",
  ],
])("%s: said, nothing lost in silence", (_, bytes, terms, text, fault) => {
  const read = name(latin(bytes), ...terms);
  expect(read.text).toBe(text);
  expect(read.faults).toContainEqual(fault);
});

test("whatever the bytes and the terms, there is a text without escapes, and what became U+FFFD is said", () => {
  const terms = fc.array(
    fc.oneof(
      fc.constantFrom(
        "",
        "ISO_IR 100",
        "ISO 2022 IR 87",
        "ISO 2022 IR 149",
        "ISO 2022 IR 58",
        "ISO_IR 192",
        "GBK",
        "GB18030",
        "ISO_IR 13",
      ),
      fc.string({ maxLength: 12 }),
    ),
    { maxLength: 3 },
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(..."\x1b$()-ABCDIJL\xb1\xe9\xfe;3^=\\") }).map(latin),
  );
  fc.assert(
    fc.property(bytes, terms, (raw, list) => {
      const { text, faults } = name(raw, ...list);
      expect(text).not.toContain("\x1b");
      if (text.includes("�") && !Buffer.from(raw).includes("\xef\xbf\xbd", 0, "latin1"))
        expect(faults).not.toEqual([]);
    }),
    { numRuns: 2000, seed: 4 },
  );
});

test("what was guessed reaches the file's remarks, and items take the set of what they stand in", async () => {
  const elements = withElements(ctImage(), {
    "00080005": ["CS", "\\ISO 2022 IR 58"],
    "0008103e": ["LO", "\x1b$)ACT \xc9\xf6\xd4\xe0"],
    "00100010": ["PN", "Zhang=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xff"],
  });
  const bytes = part10(elements);
  const source: Source = {
    name: "a.dcm",
    whole: async () => bytes,
    start: async (n) => bytes.subarray(0, n),
  };
  const [file] = await readHeaders([source]);
  expect(file.header?.series.description).toBe("CT 肾脏");
  expect(file.header?.patient.name).toBe("Zhang=张^小�");
  expect(file.remarks).toEqual([
    "Patient Name (0010,0010) has bytes that are no text in ISO 2022 IR 58: shown as �",
  ]);
  expect(headerOf(parseDataSet(part10(elements, "implicit"), "a")).patient.name).toBe("Zhang=张^小�");

  const code = (meaning: string): Item => [
    ["00080100", "SH", "1"],
    ["00080102", "SH", "99"],
    ["00080104", "LO", meaning],
  ];
  const seg: Item = withElements(ctImage(), {
    "00080005": ["CS", "ISO_IR 144"],
    "00080016": ["UI", "1.2.840.10008.5.1.4.1.1.66.4"],
    "00620001": ["CS", "BINARY"],
    "52009230": ["SQ", [[["0062000a", "SQ", [[["0062000b", "US", us(1)]]]]]]],
    "00620002": [
      "SQ",
      [
        [
          ["00620004", "US", us(1)],
          ["00620005", "LO", "\xbf"],
          ["00620003", "SQ", [code("\xbf")]],
        ],
        [
          ["00080005", "CS", "ISO_IR 126"],
          ["00620004", "US", us(2)],
          ["00620005", "LO", "\xd9"],
          ["0062000f", "SQ", [code("\xd9")]],
        ],
      ],
    ],
  });
  const { segments } = readSegmentation(parseDataSet(part10(seg), "seg"), "seg");
  expect(segments).toMatchObject([
    { label: "П", category: { meaning: "П" } },
    { label: "Ω", type: { meaning: "Ω" } },
  ]);
});
