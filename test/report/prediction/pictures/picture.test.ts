import { decode } from "fast-png";
import { expect, test } from "vitest";
import { kidneyWindow, rampUri, slicePicture } from "../../../../src/report/prediction/pictures/picture.ts";

const png = (uri: string) => decode(Buffer.from(uri.slice(uri.indexOf(",") + 1), "base64"));
const imageOf = (markup: string) => png(/(?:href|src)="(data:image\/png;base64,[^"]+)"/.exec(markup)![1]);
const [low, high] = kidneyWindow;
const hu = { side: 2, data: Float32Array.of(low - 50, high + 50, (low + high) / 2, low) };

test("the window's ends are black and white", () => {
  const image = imageOf(slicePicture("CT", "", { hu, contours: [] }).markup);
  expect([image.width, image.height, image.channels]).toEqual([192, 192, 1]);
  const corner = (x: number, y: number) => image.data[x + 192 * y];
  expect([corner(0, 0), corner(191, 0), corner(0, 191), corner(191, 191)]).toEqual([0, 255, 128, 0]);
});

test("a map of no opacity leaves the image grey, an opaque one hides it", () => {
  const overlay = { side: 2, data: Float32Array.of(0, 1, 0, 1) };
  const tint = (value: number) => [10, 200, 30, value < 0.5 ? 0 : 1] as const;
  const image = imageOf(
    slicePicture("CT", "", { hu, overlay: { slice: overlay, tint }, contours: [] }).markup,
  );
  expect([...image.data.subarray(0, 3)]).toEqual([0, 0, 0]);
  expect([...image.data.subarray(3 * 191, 3 * 192)]).toEqual([10, 200, 30]);
});

test("a contour is drawn only where its level is crossed", () => {
  const slice = { side: 2, data: Float32Array.of(0, 0, 0, 255) };
  const drawn = (level: number) =>
    slicePicture("CT", "", { hu, contours: [{ slice, level, color: "#e69f00" }] }).markup.includes("#e69f00");
  expect([drawn(127.5), drawn(255)]).toEqual([true, false]);
});

test("names are escaped in the picture's text", () => {
  const { markup } = slicePicture('a "b" <c>', "d", { hu, contours: [] });
  expect(markup).toContain('aria-label="a &quot;b&quot; &lt;c&gt;. d"');
});

test("a ramp runs from one end of the range to the other", () => {
  const { data, width } = png(rampUri((value) => [value, 0, 0, 1], [0, 254]));
  expect([data[0], data[3 * (width - 1)]]).toEqual([0, 254]);
});
