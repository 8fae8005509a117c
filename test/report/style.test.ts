import { describe, expect, test } from "vitest";
import { ownerFill } from "../../src/page/palette.ts";
import { style } from "../../src/report/style.ts";

/** The custom properties of one `:root` block. */
const variables = (block: string) =>
  Object.fromEntries(
    [...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{3,6});/g)].map(([, name, hex]) => [name, hex]),
  );
const [light, dark] = [...style.matchAll(/:root \{(.*?)\}/gs)].map(([, block]) => variables(block));

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, "$&$&") : hex;
  const [r, g, b] = [1, 3, 5]
    .map((i) => Number.parseInt(full.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test("the measure of contrast is WCAG's: black on white is 21, #767676 on white passes 4.5 just", () => {
  expect(contrast("#000", "#fff")).toBeCloseTo(21, 10);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});

describe.each([
  ["light", light],
  ["dark", dark],
])("%s", (_, colors) => {
  test.each(["ink", "muted", "accent", "right", "wrong"])(
    "%s text on paper has contrast of at least 4.5",
    (name) => expect(contrast(colors[name], colors.paper)).toBeGreaterThanOrEqual(4.5),
  );
  test.each(["ink", "muted", "accent", "right", "wrong"])(
    "and on the tint of what a link led to: %s",
    (name) => expect(contrast(colors[name], colors.tint)).toBeGreaterThanOrEqual(4.5),
  );
  test("so has the warning on its tint", () =>
    expect(contrast(colors.warn, colors["warn-tint"])).toBeGreaterThanOrEqual(4.5));
  test.each(["s1", "s2", "s3", "s4", "s5", "s6"])("lines of colour %s have contrast of at least 3", (name) =>
    expect(contrast(colors[name], colors.paper)).toBeGreaterThanOrEqual(3),
  );
});

const own = ["a", "b", "c", "d", "e", "f"];
const owners = ["histology", "stage", "complexity", "shared", "other", ...own];
test.each(owners.map((owner) => [owner, ownerFill(owner, own)] as const))(
  "numbers in bars of %s have contrast of at least 4.5",
  (_, [fill, ink]) => expect(contrast(fill, ink)).toBeGreaterThanOrEqual(4.5),
);

test("dark is for screens only", () => {
  expect(style).toMatch(/@media screen and \(prefers-color-scheme: dark\)/);
});
