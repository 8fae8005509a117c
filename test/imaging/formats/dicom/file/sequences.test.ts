import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { pixelRange } from "../../../../../src/imaging/formats/dicom/fileInfo.ts";
import {
  deidentify,
  parseDataSet,
  readHeaders,
  readSegmentation,
  readStructureSet,
  type Source,
  uid,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { ctImage, type How, type Item, part10, us, type Written, withElements } from "../elements.ts";
import { python, pythonModule } from "../write/peers.ts";

const source = (bytes: Uint8Array): Source => ({
  name: "a.dcm",
  whole: async () => bytes,
  start: async (length) => bytes.subarray(0, length),
});

/** An enhanced CT of three frames, each with a rescale of its own. */
const enhanced: Item = [
  ...withElements(ctImage(), {
    "00080016": ["UI", "1.2.840.10008.5.1.4.1.1.2.1"],
    "00200032": undefined,
    "00200037": undefined,
    "00280030": undefined,
    "00281052": undefined,
    "00281053": undefined,
    "00280008": ["IS", "3"],
    "7fe00010": ["OW", us(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3)],
  }),
  [
    "52009229",
    "SQ",
    [
      [
        ["00209116", "SQ", [[["00200037", "DS", "1\\0\\0\\0\\1\\0"]]]],
        [
          "00289110",
          "SQ",
          [
            [
              ["00180050", "DS", "3"],
              ["00280030", "DS", "0.5\\0.75"],
            ],
          ],
        ],
      ],
    ],
  ],
  [
    "52009230",
    "SQ",
    [0, 1, 2].map(
      (k): Item => [
        ["00209113", "SQ", [[["00200032", "DS", `1\\2\\${3 * k}`]]]],
        [
          "00289145",
          "SQ",
          [
            [
              ["00281052", "DS", String(-100 * k)],
              ["00281053", "DS", String(k + 1)],
            ],
          ],
        ],
      ],
    ),
  ],
];

/** A structure set of one ROI with two contours. */
const structures: Item = [
  ["00080016", "UI", "1.2.840.10008.5.1.4.1.1.481.3"],
  ["00080060", "CS", "RTSTRUCT"],
  ["00100010", "PN", "Secret^Name"],
  ["00100020", "LO", "T1"],
  ["30060010", "SQ", [[["00200052", "UI", "1.2.9"]]]],
  [
    "30060020",
    "SQ",
    [
      [
        ["30060022", "IS", "7"],
        ["30060026", "LO", "Tumour"],
      ],
    ],
  ],
  [
    "30060039",
    "SQ",
    [
      [
        [
          "30060040",
          "SQ",
          [0, 5].map(
            (z): Item => [
              ["30060042", "CS", "CLOSED_PLANAR"],
              ["30060050", "DS", `0\\0\\${z}\\10\\0\\${z}\\10\\10\\${z}`],
            ],
          ),
        ],
        ["30060084", "IS", "7"],
      ],
    ],
  ],
  [
    "30060080",
    "SQ",
    [
      [
        ["30060084", "IS", "7"],
        [
          "30060086",
          "SQ",
          [
            [
              ["00080100", "SH", "85756007"],
              ["00080102", "SH", "SCT"],
              ["00080104", "LO", "x"],
            ],
          ],
        ],
        ["300600a4", "CS", "GTV"],
      ],
    ],
  ],
];

const segments: Item = [
  ...withElements(enhanced, {
    "00080016": ["UI", "1.2.840.10008.5.1.4.1.1.66.4"],
    "00620001": ["CS", "BINARY"],
    "00280100": ["US", us(8)],
    "00280101": ["US", us(8)],
    "7fe00010": ["OB", Uint8Array.from([1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0])],
    "52009230": [
      "SQ",
      [0, 1, 2].map(
        (k): Item => [
          ["00209113", "SQ", [[["00200032", "DS", `1\\2\\${3 * k}`]]]],
          ["0062000a", "SQ", [[["0062000b", "US", us(1)]]]],
        ],
      ),
    ],
  }),
  [
    "00620002",
    "SQ",
    [
      [
        [
          "00620003",
          "SQ",
          [
            [
              ["00080100", "SH", "49755003"],
              ["00080102", "SH", "SCT"],
              ["00080104", "LO", "y"],
            ],
          ],
        ],
        ["00620004", "US", us(1)],
        ["00620005", "LO", "Tumour"],
      ],
    ],
  ],
];

/** The same elements with all sequences, or some, written otherwise. */
const rewritten = (elements: Item, how: How, only = /./): Item =>
  elements.map(([tag, vr, value, before]): Written => {
    if (!Array.isArray(value)) return [tag, vr, value, before ?? {}];
    const inside = how.items === "implicit" ? value : value.map((item) => rewritten(item as Item, how, only));
    return [tag, vr, inside as Item[], only.test(tag) ? how : {}];
  });

const ways: readonly [string, How, RegExp?][] = [
  ["UN of known length", { vr: "UN", items: "implicit" }],
  ["UN of undefined length", { vr: "UN", items: "implicit", undefinedLength: true }],
  ["UN with items that have VRs", { vr: "UN", items: "explicit" }],
  ["SQ with items without VRs", { items: "implicit" }],
  ["SQ of undefined length with items without VRs", { items: "implicit", undefinedLength: true }],
  [
    "UN in the inner sequences alone",
    { vr: "UN", items: "implicit" },
    /^(0020|0028|0062000[3a]|30060040|30060086)/,
  ],
];

describe.each(ways)("%s", (_, how, only) => {
  const written = (elements: Item) => part10(rewritten(elements, how, only));

  test("an enhanced CT is read as with SQ", async () => {
    const [file] = await readHeaders([source(written(enhanced))]);
    const [plain] = await readHeaders([source(part10(enhanced))]);
    expect(file.planes?.map((plane) => plane?.position)).toEqual([
      [1, 2, 0],
      [1, 2, 3],
      [1, 2, 6],
    ]);
    expect(file.planes).toEqual(plain.planes);
    // Frames of 0…3: 0…3, 2·(0…3)−100, 3·(0…3)−200.
    const { min, max, mean } = await pixelRange(file);
    expect([min, max, mean]).toEqual([-200, 3, (6 + 12 - 400 + 18 - 800) / 12]);
  });

  test("structures and segments are read as with SQ", async () => {
    const set = readStructureSet(parseDataSet(written(structures), "rt"), "rt");
    expect({ ...set, remarks: [] }).toEqual(readStructureSet(parseDataSet(part10(structures), "rt"), "rt"));
    expect(set.rois).toMatchObject([
      { number: 7, name: "Tumour", type: "GTV", code: { value: "85756007", scheme: "SCT" } },
    ]);
    expect(set.rois[0].contours.map((contour) => [...contour])).toEqual(
      [0, 5].map((z) => [0, 0, z, 10, 0, z, 10, 10, z]),
    );
    const seg = readSegmentation(parseDataSet(written(segments), "seg"), "seg");
    expect(seg.segments).toMatchObject([{ number: 1, label: "Tumour", category: { value: "49755003" } }]);
    expect([...(await seg.mask(1)).data]).toEqual([1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0]);
  });
});

test("items with VRs in a file without them are read", () => {
  const bytes = part10(rewritten(structures, { items: "explicit" }), "implicit");
  const { rois, remarks } = readStructureSet(parseDataSet(bytes, "rt"), "rt");
  expect(rois).toMatchObject([{ name: "Tumour", contours: [{ length: 9 }, { length: 9 }] }]);
  expect(remarks[0]).toBe(
    "Referenced Frame Of Reference Sequence (3006,0010) has items in another encoding than the file's",
  );
});

test("items of UN are no repair and make no remark; items without VRs in SQ are one", async () => {
  const read = async (how: How) => (await readHeaders([source(part10(rewritten(enhanced, how)))]))[0].remarks;
  expect(await read({ vr: "UN", items: "implicit" })).toBeUndefined();
  expect(await read({ items: "implicit" })).toContain(
    "Per Frame Functional Groups Sequence (5200,9230) has items in another encoding than the file's",
  );
});

test("values of VR UN are read as their attribute's VR", async () => {
  const bytes = part10(
    ctImage().map(([tag, vr, value]): Written => [tag, vr, value, vr === "OW" ? {} : { vr: "UN" }]),
  );
  const [plain] = await readHeaders([source(part10(ctImage()))]);
  const [file] = await readHeaders([source(bytes)]);
  expect(file.header).toEqual(plain.header);
  expect(file.planes).toEqual(plain.planes);
});

test("private sequences of any kind are passed over", async () => {
  const odd: Item = [
    ["20010010", "LO", "Vendor"],
    ["2001105f", "SQ", [[["20011001", "LO", "x"]]], { items: "implicit" }],
    ["20011060", "SQ", [[["20011001", "LO", "x"]]], { vr: "UN", items: "implicit", undefinedLength: true }],
    ["20011061", "UN", Buffer.from("feff00e0ffffffff", "hex")],
    ["20011062", "OB", "no items at all"],
  ];
  const [file] = await readHeaders([source(part10([...ctImage(), ...odd]))]);
  expect(file.planes?.[0]?.position).toEqual([-10, -20, 0]);
  expect(file.remarks).toBeUndefined();
});

describe.skipIf(!pythonModule("pydicom"))("de-identified copies", () => {
  const folder = mkdtempSync(join(tmpdir(), "sequences-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const identity: Item = [
    [
      "00081140",
      "SQ",
      [
        [
          ["00081150", "UI", "1.2.840.10008.5.1.4.1.1.2"],
          ["00081155", "UI", "1.2.77.88"],
          ["00100010", "PN", "Secret^Name"],
          ["00080020", "DA", "19991231"],
        ],
      ],
    ],
    ["00081110", "SQ", [[["00080050", "SH", "SecretAcc"]]]],
    ["00400275", "SQ", [[["00400009", "SH", "SecretStep"]]]],
    [
      "30060080",
      "SQ",
      [
        [
          ["30060084", "IS", "7"],
          ["300600a6", "PN", "Secret^Interpreter"],
          ["30060088", "ST", "SecretText"],
        ],
      ],
    ],
  ];

  test.each(ways)("%s: nothing of the patient is left in them, and the rest is valid", (_, how, only) => {
    const elements = [
      ...withElements(enhanced, { "00100010": ["PN", "Secret^Name"] }),
      ...identity,
      ["00081080", "LO", "Secret words", { vr: "UN" }],
      ["00324000", "LT", "Secret request", { vr: "UN" }],
    ] as Item;
    const copy = deidentify(part10(rewritten(elements, how, only)), "a", {
      pseudonym: "p1",
      uid: (id) => uid(id),
    });
    const text = Buffer.from(copy).toString("latin1");
    expect(text).not.toMatch(/Secret|19991231|1\.2\.77\.88/);
    const path = join(folder, "copy.dcm");
    writeFileSync(path, copy);
    const read = python<object>(
      `
import json, sys, pydicom
d = pydicom.dcmread(sys.argv[1])
f = d.PerFrameFunctionalGroupsSequence
print(json.dumps({"z": [float(g.PlanePositionSequence[0].ImagePositionPatient[2]) for g in f],
  "slope": [float(g.PixelValueTransformationSequence[0].RescaleSlope) for g in f],
  "reference": d.ReferencedImageSequence[0].ReferencedSOPInstanceUID, "name": str(d.PatientName)}))`,
      [path],
    );
    expect(read).toEqual({ z: [0, 3, 6], slope: [1, 2, 3], reference: uid("1.2.77.88"), name: "p1" });
  });

  test("contours longer than a short VR can hold come back", () => {
    const many = Array.from({ length: 9000 }, (_, n) => `${n}.25\\${n % 2}\\5`).join("\\");
    const long: Item = [
      [
        "30060039",
        "SQ",
        [
          [
            [
              "30060040",
              "SQ",
              [
                [
                  ["30060042", "CS", "CLOSED_PLANAR"],
                  ["30060050", "DS", many, { vr: "UN" }],
                ],
              ],
            ],
            ["30060084", "IS", "7"],
          ],
        ],
      ],
    ];
    const bytes = part10([...structures.filter(([tag]) => tag !== "30060039"), ...long]);
    const copy = deidentify(bytes, "a", { pseudonym: "p1", uid: (id) => uid(id) });
    const { rois } = readStructureSet(parseDataSet(copy, "copy"), "copy");
    expect(rois[0].contours[0]).toHaveLength(27000);
    expect(rois[0].contours[0].at(-3)).toBe(8999.25);
  });
});
