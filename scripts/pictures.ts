/**
 * Renews docs/images from a finished demo: `npm run pictures [trinephron-demo]`. No patient is in them: the demo's
 * cohort is simulated, and so is the patient drawn here. Needs Chromium, as `trinephron report --pdf` does.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { decode } from "fast-png";
import { type Browser, chromium } from "playwright-core";
import { predictStudy } from "../src/evidence/predict/predictStudy.ts";
import { parseResults } from "../src/evidence/validate/results.ts";
import { readModelFolder } from "../src/learning/trained/modelFolder.ts";
import { findBrowser } from "../src/page/browser.ts";
import { readStudy } from "../src/patients/study/readStudy.ts";
import { dicomStudy } from "../src/patients/synthetic/paint/files/dicomStudy.ts";
import { paintRegion } from "../src/patients/synthetic/paint/paint.ts";
import { centerStyle } from "../src/patients/synthetic/paint/scanner/scanner.ts";
import { drawPatient } from "../src/patients/synthetic/phantom/patient.ts";
import { phantom } from "../src/patients/synthetic/phantom/phantom.ts";
import { renderPrediction } from "../src/report/prediction/renderPrediction.ts";
import { renderReport } from "../src/report/report.ts";
import { smallPng } from "./smallPng.ts";

const images = resolve(import.meta.dirname, "../docs/images");
const demo = resolve(process.argv[2] ?? "trinephron-demo");
/** Pixels: as wide as a README is shown. */
const width = 1000;
/** Which simulated patient: a left kidney with a tumour at the sinus, by whose pictures all three answers can be followed. */
const seed = 46;

/** A simulated patient's study as a hospital's DICOM files; its slices are wider than the demo's, to show more. */
async function writeStudy(folder: string): Promise<void> {
  const patient = drawPatient("B", seed, 1);
  const region = phantom(patient, seed, { spacing: 1, margin: 28 });
  const painted = paintRegion(region, patient, centerStyle("B", 1), seed);
  const row = { ...patient, case: "SIMULATED", center: "B", images: {}, source: "procedural" } as const;
  for (const { path, object } of dicomStudy({ ...row, patient: row.case }, painted, `pictures ${seed}`)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, object.bytes);
  }
}

/** What `trinephron predict` writes as report.html. */
async function patientPage(folder: string): Promise<string> {
  await writeStudy(folder);
  const study = await readStudy(folder);
  const model = await readModelFolder(join(demo, "mtdl"));
  const { prediction, pictures } = await predictStudy(study, model, { name: folder });
  return renderPrediction(prediction, pictures);
}

async function reportPage(): Promise<string> {
  const file = join(demo, "validation/results.json");
  return renderReport(parseResults(await readFile(file, "utf8"), file));
}

/** Writes the part of a page from the top of one element to the bottom of another, and tells its size. */
async function picture(browser: Browser, page: string, name: string, first: string, last: string) {
  const opened = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: "light" });
  await opened.goto(pathToFileURL(page).href);
  const [from, to] = [await opened.locator(first).boundingBox(), await opened.locator(last).boundingBox()];
  const y = Math.max(0, from!.y - 6);
  const clip = { x: 0, y, width, height: to!.y + to!.height + 6 - y };
  const png = smallPng(decode(await opened.screenshot({ fullPage: true, clip })));
  await writeFile(join(images, name), png);
  console.log(`docs/images/${name}: ${Math.round(png.length / 1000)} kB`);
  await opened.close();
}

const folder = await mkdtemp(join(tmpdir(), "trinephron-pictures-"));
const browser = await chromium.launch({
  executablePath: findBrowser("pictures"),
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  await mkdir(images, { recursive: true });
  const [report, patient] = [join(folder, "report.html"), join(folder, "patient.html")];
  await writeFile(report, await reportPage());
  await writeFile(patient, await patientPage(join(folder, "study")));
  await picture(browser, report, "report.png", "#accuracy", "#roc");
  await picture(browser, patient, "patient.png", "body", ".images");
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
