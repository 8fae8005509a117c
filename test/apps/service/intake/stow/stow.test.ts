import { readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import type { Intake } from "../../../../../src/apps/service/intake/receiveInstance.ts";
import { multipartOf } from "../../../../../src/apps/service/intake/stow/boundary.ts";
import { type StowRequest, stow } from "../../../../../src/apps/service/intake/stow/stow.ts";
import { random } from "../../../../../src/base/random.ts";
import { uid } from "../../../../../src/imaging/formats/dicom/index.ts";
import { context, ctObjects, ctOf, grid } from "../../../../imaging/formats/dicom/write/objects.ts";
import { anIntake, counts } from "../anIntake.ts";

let intake: Intake;
beforeAll(async () => void ({ intake } = await anIntake()));

const boundary = "a boundary";
const contentType = `multipart/related; type="application/dicom"; boundary="${boundary}"`;
const images = ctObjects(ctOf(grid(16)));
const limits = { maxParts: 10, maxBodyBytes: 1e6, maxInstanceBytes: 1e5 };

const part = (bytes: Uint8Array, type = "application/dicom") =>
  Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Type: ${type}\r\n\r\n`), bytes, Buffer.from("\r\n")]);
const bodyOf = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
/** In chunks of any size, as a network gives them. */
function* chunks(body: Buffer, seed: number) {
  const draw = random(seed);
  for (let at = 0; at < body.length; ) {
    const length = 1 + Math.floor(draw.uniform() ** 4 * 9000);
    yield body.subarray(at, at + length);
    at += length;
  }
}
const send = (body: Buffer, options: Partial<StowRequest> & { seed?: number } = {}, own = limits) =>
  stow(intake, { contentType, body: Readable.from(chunks(body, options.seed ?? 1)), ...options }, own);

test("images of a request are stored, and told one by one; again, nothing changes", async () => {
  for (let twice = 0; twice < 2; twice++) {
    const { status, dataset } = await send(bodyOf(...images.map(({ bytes }) => part(bytes))), {
      seed: twice,
    });
    expect(status).toBe(200);
    expect(dataset["00081198"]).toBeUndefined();
    expect(dataset["00081199"].Value).toEqual(
      images.map(({ sopClass, sopInstance }) => ({
        "00081150": { vr: "UI", Value: [sopClass] },
        "00081155": { vr: "UI", Value: [sopInstance] },
        "00081190": { vr: "UR" },
      })),
    );
    expect(await counts(intake)).toEqual({ studies: 1, series: 1, instances: images.length });
  }
});

test("one that is refused is told with its reason, the others are stored", async () => {
  const broken = Buffer.from("no DICOM at all");
  const some = await send(bodyOf(part(images[0].bytes), part(broken)));
  expect(some.status).toBe(202);
  expect(some.dataset["00081198"].Value).toMatchObject([{ "00081197": { vr: "US", Value: [0xc000] } }]);
  expect(some.dataset["00081199"].Value?.length).toBe(1);
  const none = await send(bodyOf(part(images[0].bytes)), { studyUid: uid("another study") });
  expect(none.status).toBe(409);
  expect(none.dataset["00081198"].Value).toMatchObject([
    { "00081155": { Value: [images[0].sopInstance] }, "00081197": { Value: [0xa900] } },
  ]);
  expect((await send(bodyOf(part(images[0].bytes)), { studyUid: context.study.uid })).status).toBe(200);
});

describe("nothing of a request is stored", () => {
  const whole = bodyOf(...images.map(({ bytes }) => part(bytes)));
  const fails = async (sent: Promise<unknown>, code: string) => {
    const before = await counts(intake);
    await expect(sent).rejects.toMatchObject({ code });
    expect(await counts(intake)).toEqual(before);
    expect(readdirSync(intake.incoming)).toEqual([]);
  };

  test("that ends early, wherever", async () => {
    const draw = random(3);
    for (let seed = 0; seed < 40; seed++)
      await fails(
        send(whole.subarray(0, Math.floor(draw.uniform() * (whole.length - 4))), { seed }),
        "E_FORMAT",
      );
  });

  test("whose connection breaks", async () => {
    const body = Readable.from(
      (async function* () {
        yield whole.subarray(0, 5000);
        throw new Error("reset");
      })(),
    );
    await fails(stow(intake, { contentType, body }, limits), "E_FORMAT");
  });

  test.each<[string, Buffer, string, Partial<StowRequest>?, Partial<typeof limits>?]>([
    ["without a body", Buffer.alloc(0), "E_FORMAT"],
    ["without parts", bodyOf(), "E_FORMAT"],
    ["of something else", Buffer.from("hello ".repeat(1000)), "E_FORMAT"],
    ["beyond the limit of the body", whole, "E_LIMIT", {}, { maxBodyBytes: 3000 }],
    ["beyond the limit of an image", whole, "E_LIMIT", {}, { maxInstanceBytes: 500 }],
    ["of too many parts", whole, "E_LIMIT", {}, { maxParts: 3 }],
    ["of parts that are no DICOM", bodyOf(part(images[0].bytes, "application/dicom+json")), "E_UNSUPPORTED"],
    ["of another type", whole, "E_UNSUPPORTED", { contentType: "application/json" }],
    ["without a type", whole, "E_UNSUPPORTED", { contentType: undefined }],
    ["to a study that is none", whole, "E_UID", { studyUid: "1.2.'; drop table trinephron.studies; --" }],
  ])("%s", (_, body, code, options, own) => fails(send(body, options, { ...limits, ...own }), code));
});

test.each([
  ['multipart/related; type="application/dicom"; boundary=abc', "abc"],
  ['Multipart/Related;boundary="a;b=\\"c\\""; TYPE=application/dicom', 'a;b="c"'],
  ["multipart/related; boundary=x; start=y", "x"],
])("%s has a boundary", (header, expected) => {
  expect(multipartOf(header).boundary).toBe(expected);
});
test.each([
  "multipart/form-data; boundary=a",
  "multipart/related",
  'multipart/related; boundary=""',
  `multipart/related; boundary=${"a".repeat(71)}`,
  'multipart/related; type="application/dicom+json"; boundary=a',
])("%s is E_UNSUPPORTED", (header) => {
  expect(() => multipartOf(header)).toThrow(expect.objectContaining({ code: "E_UNSUPPORTED" }));
});
