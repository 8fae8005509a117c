import type { Command } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { mustNotExist, writeWhole } from "../../../base/files.ts";
import type { Work } from "../../../base/work.ts";
import { type PixelRange, pixelRange } from "../../../imaging/formats/dicom/fileInfo.ts";
import {
  type DicomFile,
  NotDicomError,
  readHeaders,
  type Series,
  type Slice,
  type Stack,
  seriesOf,
  sourcesOf,
  stackGeometry,
} from "../../../imaging/formats/dicom/index.ts";
import { fileRemarks } from "../../../imaging/formats/dicom/series/fileRemarks.ts";
import { distinctStack } from "../../../imaging/formats/dicom/series/readVolume.ts";
import { sopClassName } from "../../../imaging/formats/dicom/values/sopClasses.ts";
import { transferSyntax } from "../../../imaging/formats/dicom/values/transferSyntax.ts";
import type { Vec3 } from "../../../numerics/volume/volume.ts";
import { type CommonOptions, result, textTable, withCommonOptions } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";

interface Options extends CommonOptions {
  readonly pixels?: boolean;
  readonly out?: string;
}

type Measured = PixelRange | TrinephronError | undefined;

/** Registers `dicom info`. */
export function register(dicom: Command): void {
  withCommonOptions(
    dicom
      .command("info <path>")
      .description("list files and series of a folder, a ZIP, a DICOMDIR or a file, with what was understood")
      .option("--pixels", "decode all pixels: minimum, maximum and mean in HU")
      .option("--out <file>", "write the JSON to a file too"),
  ).action(info);
}

async function info(path: string, options: Options): Promise<void> {
  if (options.out !== undefined) await mustNotExist(options.out, options);
  const sources = await sourcesOf(path);
  const { files, ranges } = await longWork(async (work) => {
    const files = await readHeaders(sources, work);
    return { files, ranges: options.pixels ? await ranged(files, work) : new Map<DicomFile, Measured>() };
  });
  const series = seriesOf(files);
  const aside = new Map<DicomFile, string>(
    series.flatMap(({ slicesAside }) =>
      slicesAside.flatMap(({ slices, reason }) => slices.map(({ file }) => [file, reason] as const)),
    ),
  );
  const listed: Awaited<ReturnType<typeof seriesJson>>[] = [];
  for (const one of series) listed.push(await seriesJson(one, ranges));
  const json = {
    files: files.map((file) => fileJson({ setAside: aside.get(file), ...file }, ranges.get(file))),
    series: listed,
  };
  if (options.out !== undefined) await writeWhole(options.out, `${JSON.stringify(json, null, 2)}\n`);
  result(options, json, tableOf(files, series, listed, ranges));
  if (!files.some(({ header }) => header))
    throw new TrinephronError("E_FORMAT", `${path}: no DICOM file among ${files.length}`);
}

async function ranged(
  files: readonly DicomFile[],
  { signal, progress }: Work,
): Promise<Map<DicomFile, Measured>> {
  const ranges = new Map<DicomFile, Measured>();
  for (const [n, file] of files.entries()) {
    signal?.throwIfAborted();
    if (file.header?.hasPixels || file.header?.truncated)
      ranges.set(
        file,
        await pixelRange(file).catch((error: unknown) => {
          if (error instanceof TrinephronError) return error;
          throw error;
        }),
      );
    progress?.("decoding pixels", n + 1, files.length);
  }
  return ranges;
}

function fileJson(
  {
    source,
    header,
    planes,
    remarks,
    setAside,
    error,
  }: Omit<DicomFile, "setAside"> & { setAside?: string | undefined },
  measured: Measured,
) {
  const failure = error ?? (measured instanceof TrinephronError ? measured : undefined);
  const plane = planes?.[0];
  return {
    path: source.name,
    transferSyntax: header?.transferSyntax ?? null,
    transferSyntaxName: header ? (transferSyntax(header.transferSyntax)?.name ?? null) : null,
    sopClass: header?.sopClass ?? null,
    sopClassName: header?.sopClass ? sopClassName(header.sopClass) : null,
    modality: header?.modality ?? null,
    patient: header?.patient.id ?? null,
    series: header?.series.uid ?? null,
    rows: header?.rows ?? null,
    columns: header?.columns ?? null,
    frames: header?.hasPixels ? header.frames : null,
    position: plane?.position ?? null,
    orientation: plane ? [...plane.row, ...plane.column] : null,
    spacing: plane?.spacing ?? null,
    remarks: remarks ?? [],
    setAside: setAside ?? null,
    pixels: rangeJson(measured),
    error: failure ? { code: failure.code, message: failure.message } : null,
  };
}

async function seriesJson(
  { header, files, stacks, slicesAside }: Series,
  ranges: ReadonlyMap<DicomFile, Measured>,
) {
  const volumes: Awaited<ReturnType<typeof volumeJson>>[] = [];
  for (const stack of stacks) volumes.push(await volumeJson(stack, header.series.description ?? "series"));
  const reasons = Map.groupBy(
    files.flatMap(({ setAside }) => (setAside ? [setAside] : [])),
    (reason) => reason,
  );
  return {
    uid: header.series.uid ?? null,
    study: header.study.uid ?? null,
    patient: header.patient.id ?? null,
    number: header.series.number ?? null,
    description: header.series.description ?? null,
    modality: header.modality ?? null,
    transferSyntaxes: [...new Set(files.flatMap(({ header: each }) => each?.transferSyntax ?? []))],
    bodyPart: header.bodyPart ?? null,
    imageType: header.imageType,
    kernel: header.kernel ?? null,
    kvp: header.kvp ?? null,
    contrastAgent: header.contrastAgent ?? null,
    contrastStartTime: header.contrastStartTime ?? null,
    acquisitionTime: header.acquisitionTime ?? null,
    burnedIn: header.burnedIn,
    files: files.length,
    volumes,
    setAside: [
      ...[...reasons].map(([reason, each]) => ({ reason, files: each.length })),
      ...slicesAside.map(({ slices, reason }) => ({
        reason,
        files: new Set(slices.map(({ file }) => file)).size,
        slices: slices.length,
      })),
    ],
    pixels: rangeJson(pooled(files.map((file) => ranges.get(file)))),
  };
}

async function volumeJson(stack: Stack, name: string) {
  const { length } = stack.slices;
  try {
    const { slices, remarks: own = [] } = await distinctStack(stack);
    const { geometry, remarks } = stackGeometry(slices, name);
    return { slices: length, ...geometry, remarks: [...own, ...remarks], error: null };
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    return { slices: length, error: { code: error.code, message: error.message } };
  }
}

/** The anatomical plane nearest to the one of this normal. */
function planeName(normal: Vec3): string {
  const sizes = normal.map(Math.abs);
  const nearest = ["sagittal", "coronal", "axial"][sizes.indexOf(Math.max(...sizes))];
  return Math.max(...sizes) > 0.9999 ? nearest : `oblique ${nearest}`;
}

const rangeJson = (measured: Measured) =>
  measured === undefined || measured instanceof TrinephronError ? null : measured;

function pooled(measured: readonly Measured[]): PixelRange | undefined {
  const ranges = measured.filter((m) => m !== undefined && !(m instanceof TrinephronError)) as PixelRange[];
  if (ranges.length === 0) return undefined;
  const count = ranges.reduce((sum, range) => sum + range.count, 0);
  return {
    min: Math.min(...ranges.map(({ min }) => min)),
    max: Math.max(...ranges.map(({ max }) => max)),
    mean: ranges.reduce((sum, range) => sum + range.mean * (range.count / count), 0),
    count,
    padding: ranges.reduce((sum, range) => sum + range.padding, 0),
    remarks: [...new Set(ranges.flatMap(({ remarks }) => remarks))],
  };
}

function tableOf(
  files: readonly DicomFile[],
  series: readonly Series[],
  listed: readonly Awaited<ReturnType<typeof seriesJson>>[],
  ranges: ReadonlyMap<DicomFile, Measured>,
): string {
  const rows = series.map((one, index) => {
    const json = listed[index];
    const volumes = json.volumes.flatMap((volume) =>
      "size" in volume
        ? [
            `${volume.size.join("×")} at ${volume.spacing.map((mm) => mm.toFixed(2)).join("×")} mm, ${planeName(volume.direction[2])}`,
          ]
        : [],
    );
    // The remarks of a volume's files are among its own.
    const stacked = new Set(
      one.stacks.flatMap(({ slices }, n) =>
        "size" in json.volumes[n] ? slices.map(({ file }) => file) : [],
      ),
    );
    const remarks = [
      ...json.volumes.flatMap((volume) =>
        "size" in volume ? volume.remarks : [`${volume.slices} slices refused: ${volume.error.message}`],
      ),
      ...fileRemarks(one.files.filter((file) => !stacked.has(file as Slice["file"]))),
    ];
    return [
      json.patient ?? "",
      String(json.number ?? ""),
      json.description ?? "",
      json.modality ?? "",
      String(json.files),
      json.transferSyntaxes.map((uid) => transferSyntax(uid)?.name ?? uid).join("; "),
      volumes.join("; ") || "–",
      [
        ...remarks,
        ...(json.pixels?.remarks ?? []),
        ...json.setAside.map(({ reason, files: n }) => `${n} set aside: ${reason}`),
      ].join("; "),
      ...(json.pixels
        ? [
            `${json.pixels.min.toFixed(0)} … ${json.pixels.max.toFixed(0)}, mean ${json.pixels.mean.toFixed(1)}`,
          ]
        : []),
    ];
  });
  const header = [
    "patient",
    "no.",
    "series",
    "kind",
    "files",
    "stored as",
    "volume",
    "remarks",
    ...(ranges.size > 0 ? ["HU"] : []),
  ];
  const errors = files.flatMap((file) => {
    const error = file.error ?? ranges.get(file);
    return error instanceof TrinephronError ? [error] : [];
  });
  const faults = errors.filter((error) => !(error instanceof NotDicomError)).map(({ line }) => line);
  const shown = faults.slice(0, 20);
  return [
    textTable(
      header,
      rows.map((row) => header.map((_, i) => row[i] ?? "")),
    ),
    ...unopened(files),
    ...(errors.length > faults.length ? [`${errors.length - faults.length} files are not DICOM`] : []),
    ...(faults.length > 0 ? [`${faults.length} of ${files.length} files could not be read:`, ...shown] : []),
    ...(faults.length > shown.length
      ? [`… and ${faults.length - shown.length} more (--json lists all)`]
      : []),
  ].join("\n");
}

/** Files that were not opened, by their reasons. */
function unopened(files: readonly DicomFile[]): string[] {
  const reasons = Map.groupBy(
    files.filter(({ header, setAside }) => header === undefined && setAside !== undefined),
    ({ setAside }) => setAside,
  );
  return [...reasons].map(
    ([reason, each]) =>
      `${each.length} not read: ${reason} (${each[0].source.name}${each.length > 1 ? " …" : ""})`,
  );
}
