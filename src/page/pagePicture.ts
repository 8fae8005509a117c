import { decode } from "fast-png";
import { TrinephronError } from "../base/errors.ts";
import { findBrowser, runHeadless } from "./browser.ts";

/** A picture of a page: `data` is RGB, row by row from the upper left. */
export interface PagePicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3;
  readonly data: Uint8Array;
}

/** Pixels: A4 at 150 dpi is as wide; most pages are shorter than the first height. */
const width = 1240;
const heights = [2400, 16_000];
/** Rows of paper left below the last line, and so many as show that the page has ended. */
const [margin, blank] = [24, 160];

/**
 * An HTML page as a picture, 1240 pixels wide and as high as the page.
 * @throws E_BROWSER where there is no browser, where it fails, or where the page is longer than 16,000 pixels
 */
export async function pagePicture(page: string): Promise<PagePicture> {
  const browser = findBrowser("picture of the page");
  for (const height of heights) {
    const picture = rgb(
      decode(
        await runHeadless(browser, page, "page.png", "made no picture of", (file) => [
          "--hide-scrollbars",
          "--force-device-scale-factor=1",
          `--window-size=${width},${height}`,
          `--screenshot=${file}`,
        ]),
      ),
    );
    const end = lastDrawnRow(picture) + 1;
    if (end > 0 && end + blank <= picture.height)
      return {
        ...picture,
        height: end + margin,
        data: picture.data.slice(0, 3 * picture.width * (end + margin)),
      };
  }
  throw new TrinephronError("E_BROWSER", `${page}: empty, or longer than ${heights.at(-1)} pixels`);
}

function rgb({ width, height, channels, data }: ReturnType<typeof decode>): PagePicture {
  const out = new Uint8Array(3 * width * height);
  for (let v = 0; v < width * height; v++)
    for (let c = 0; c < 3; c++) out[3 * v + c] = data[channels * v + (channels < 3 ? 0 : c)];
  return { width, height, channels: 3, data: out };
}

/** The last row that differs from the one at the lower edge; −1 where none does. */
function lastDrawnRow({ width, height, data }: PagePicture): number {
  const row = (y: number) => data.subarray(3 * width * y, 3 * width * (y + 1));
  const paper = row(height - 1);
  for (let y = height - 1; y >= 0; y--) if (!row(y).every((value, v) => value === paper[v])) return y;
  return -1;
}
