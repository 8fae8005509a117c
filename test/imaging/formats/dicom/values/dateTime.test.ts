import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHeaders, type Source } from "../../../../../src/imaging/formats/dicom/index.ts";
import {
  calendarDate,
  secondsOf,
  timeOfDateTime,
  timeOfDay,
} from "../../../../../src/imaging/formats/dicom/values/dateTime.ts";
import { ctImage, part10, withElements } from "../elements.ts";
import { python, pythonModule } from "../write/peers.ts";

test.each([
  ["20210304", "20210304"],
  ["2021.03.04", "20210304"],
  ["2021-03-04", "20210304"],
  [" 20240229 ", "20240229"],
  ["20000229", "20000229"],
  ["00010101", "00010101"],
  ["00000000", undefined],
  ["20210231", undefined],
  ["20230229", undefined],
  ["19000229", undefined],
  ["20211301", undefined],
  ["20210300", undefined],
  ["2021.3.4", undefined],
  ["2021.03-04", undefined],
  ["2021030", undefined],
  ["202103041", undefined],
  ["20210304-20210305", undefined],
  ["04.03.2021", undefined],
  ["REMOVED", undefined],
])("date %j is %j", (written, value) => expect(calendarDate(written)).toBe(value));

test.each([
  ["10", "10"],
  ["1015", "1015"],
  ["101500", "101500"],
  ["101500.5", "101500.5"],
  ["101500.123456", "101500.123456"],
  ["101500.1234567", "101500.123456"],
  ["10:15:00", "101500"],
  ["10:15:00.25", "101500.25"],
  ["235960", "235960"],
  ["000000", "000000"],
  ["24:00:00", undefined],
  ["240000", undefined],
  ["256199", undefined],
  ["106000", undefined],
  ["101561", undefined],
  ["1", undefined],
  ["101", undefined],
  ["10150", undefined],
  ["101500.", undefined],
  ["1015.5", undefined],
  ["10:1500", undefined],
  ["101500 PM", undefined],
])("time %j is %j", (written, value) => expect(timeOfDay(written)).toBe(value));

test("seconds after midnight, of a date with time too", () => {
  expect(secondsOf("101530.25")).toBe(10 * 3600 + 15 * 60 + 30.25);
  expect(secondsOf("10")).toBe(36000);
  expect(timeOfDateTime("20210304101500.000000+0100")).toBe("101500.000000");
  expect(timeOfDateTime("20210231101500")).toBeUndefined();
  expect(timeOfDateTime("20210304256199")).toBeUndefined();
  expect(timeOfDateTime("20210304")).toBeUndefined();
});

describe.skipIf(!pythonModule("pydicom"))("Python", () => {
  test("knows the same days and times", () => {
    const digits = (n: number) =>
      fc.string({ unit: fc.constantFrom(..."0012345"), minLength: n, maxLength: n });
    const days = fc.sample(
      fc.tuple(digits(4), digits(2), digits(2)).map((parts) => parts.join("")),
      { numRuns: 2000, seed: 2 },
    );
    const times = fc.sample(digits(6), { numRuns: 2000, seed: 3 });
    const known = python<[boolean[], boolean[]]>(
      `
import datetime, json, sys
days, times = json.loads(sys.argv[1])
def good(read, *parts):
    try: return bool(read(*map(int, parts)))
    except ValueError: return False
# 60 is a leap second.
print(json.dumps([[good(datetime.date, d[:4], d[4:6], d[6:]) for d in days],
  [good(lambda h, m, s: h < 24 and m < 60 and s < 61, t[:2], t[2:4], t[4:]) for t in times]]))`,
      [JSON.stringify([days, times])],
    );
    expect(days.map((day) => calendarDate(day) !== undefined)).toEqual(known[0]);
    expect(times.map((time) => timeOfDay(time) !== undefined)).toEqual(known[1]);
  });
});

test("a header has valid dates and times or none, and says which it lacks", async () => {
  const read = async (changes: Parameters<typeof withElements>[1]) => {
    const bytes = part10(withElements(ctImage(), changes));
    const source: Source = { name: "a", whole: async () => bytes, start: async (n) => bytes.subarray(0, n) };
    const [{ header, remarks }] = await readHeaders([source]);
    return { header, remarks };
  };
  const bad = await read({
    "00080020": ["DA", "20210231"],
    "00080030": ["TM", "256199"],
    "00100030": ["DA", "00000000"],
    "00080032": ["TM", "24:00:00"],
    "0008002a": ["DT", "20210304101500.5"],
    "00080033": ["TM", "9:15"],
    "00181042": ["TM", "101460"],
  });
  expect(bad.header).toMatchObject({
    study: { date: undefined, time: undefined },
    patient: { birthDate: undefined },
    acquisitionTime: 10 * 3600 + 15 * 60 + 0.5,
    contentTime: undefined,
    contrastStartTime: 10 * 3600 + 15 * 60,
  });
  expect(bad.remarks).toEqual([
    "Patient Birth Date (0010,0030) is no date: left out",
    "Study Date (0008,0020) is no date: left out",
    "Study Time (0008,0030) is no time of day: left out",
    "Acquisition Time (0008,0032) is no time of day: left out",
    "Content Time (0008,0033) is no time of day: left out",
  ]);
  const old = await read({ "00080020": ["DA", "2021.03.04"], "00080030": ["TM", "10:15:00.25"] });
  expect(old.header?.study).toMatchObject({ date: "20210304", time: "101500.25" });
  expect(old.remarks).toEqual([
    "Study Date (0008,0020) is written in another form than DICOM's: read as a date",
    "Study Time (0008,0030) is written in another form than DICOM's: read as a time of day",
  ]);
});
