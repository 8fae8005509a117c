import { TrinephronError } from "../../../base/errors.ts";
import type { Progress } from "../../../base/work.ts";
import type { Source } from "../../../imaging/formats/dicom/read.ts";
import { affectedKidney } from "../../../imaging/nephrometry/index.ts";
import type { Vec3, Volume } from "../../../numerics/volume/index.ts";
import { phases, type StudyPhase } from "../../../patients/cohort/case.ts";
import { isNifti } from "../../../patients/study/mask/isNifti.ts";
import { choosePhases } from "../../../patients/study/phases/choose.ts";
import { type Picture, readPicture } from "../../../patients/study/phases/picture/picture.ts";
import { dicomImages } from "./dicomImages.ts";
import type { FoundImage, HuVolume } from "./image.ts";
import { niftiImages } from "./niftiImages.ts";
import { type Problem, problemOf } from "./problem.ts";

/** Of the patient, as the files say. */
interface PatientWords {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly sex?: string | undefined;
  readonly age?: string | undefined;
  /** `YYYYMMDD`. */
  readonly studyDate?: string | undefined;
  readonly studyDescription?: string | undefined;
}

/** An image of the study in words. */
interface ImageWords {
  readonly name: string;
  readonly size: Vec3;
  readonly spacing: Vec3;
  /** As the images themselves and their files say; undefined where nothing tells. */
  readonly phase?: StudyPhase | undefined;
  /** 0 … 1. */
  readonly confidence?: number | undefined;
  readonly evidence: readonly string[];
}

/** A study whose files are read, but for the voxels. */
export interface FoundStudy {
  readonly patient: PatientWords;
  readonly images: readonly ImageWords[];
  /** 1 kidney, 2 tumour, 3 cyst. */
  readonly mask?: Volume<Uint8Array> | undefined;
  readonly remarks: readonly string[];
  readonly problems: readonly Problem[];
}

/** What is found, and the images to be read by their names. */
export interface Found {
  readonly study: FoundStudy;
  readonly images: readonly FoundImage[];
  /** Volumes that were read on the way, by name: of a few images all. */
  readonly volumes: Map<string, HuVolume>;
}

/** Of more images none stays in memory. */
const few = 3;

/**
 * Looks through a patient's files: which images there are, which phase each is, by the words and pictures that `predict`
 * goes by, and the mask. Images are not registered.
 * @throws E_PHASE where no file is an image; E_COHORT for files of several patients
 */
export async function findStudy(sources: readonly Source[], progress: Progress): Promise<Found> {
  const [nifti, others]: [Source[], Source[]] = [[], []];
  const problems: Problem[] = [];
  for (const source of sources) {
    if (/\.zip$/i.test(source.name)) problems.push(problemOf(source.name, archive(source.name)));
    else if (/\.nii(\.gz)?$/i.test(source.name) || (await isNifti(source))) nifti.push(source);
    else others.push(source);
  }
  const read = await niftiImages(nifti, (done) => progress("reading NIfTI", done, nifti.length));
  const dicom = others.length > 0 ? await dicomImages(others, progress) : undefined;
  const images = [...(dicom?.images ?? []), ...read.images];
  problems.push(...read.problems, ...(dicom?.problems ?? []));
  if (images.length === 0) throw nothing(sources.length, problems);
  const mask = dicom?.mask ?? read.mask;
  const remarks = new Set([...(dicom?.remarks ?? []), ...read.remarks]);
  const volumes = new Map<string, HuVolume>();
  const pictures = await picturesOf(images, mask, volumes, remarks, problems, progress);
  const choice = choosePhases(images.map(({ facts }, n) => ({ facts, picture: pictures[n] })));
  for (const { text } of choice.warnings) remarks.add(text);
  const header = dicom?.header;
  return {
    images,
    volumes,
    study: {
      patient: {
        name: header?.patient.name,
        id: header?.patient.id,
        sex: header?.patient.sex,
        age: header?.patient.age,
        studyDate: header?.study.date,
        studyDescription: header?.study.description,
      },
      images: images.map(({ name, geometry: { size, spacing } }, index) => {
        const phase = phases.find((each) => choice.phases[each]?.index === index);
        const chosen = phase && choice.phases[phase];
        return {
          name,
          size,
          spacing,
          phase,
          confidence: chosen?.confidence,
          evidence: chosen?.evidence ?? choice.guesses[index].evidence,
        };
      }),
      mask,
      remarks: [...remarks],
      problems,
    },
  };
}

/** What each image shows of the contrast medium; one image alone is looked at too, for which phase it is. */
async function picturesOf(
  images: readonly FoundImage[],
  mask: Volume<Uint8Array> | undefined,
  volumes: Map<string, HuVolume>,
  remarks: Set<string>,
  problems: Problem[],
  progress: Progress,
): Promise<(Picture | undefined)[]> {
  const kidney = kidneyOf(mask);
  const pictures: (Picture | undefined)[] = [];
  for (const image of images) {
    try {
      const volume = await image.read(remarks);
      if (images.length <= few) volumes.set(image.name, volume);
      pictures.push(readPicture(volume, kidney));
    } catch (error) {
      problems.push(problemOf(image.name, error));
      pictures.push(undefined);
    }
    progress("looking at images", pictures.length, images.length);
  }
  return pictures;
}

/** The kidney with the tumour; undefined of a mask that has none. */
function kidneyOf(mask: Volume<Uint8Array> | undefined): Volume<Uint8Array> | undefined {
  try {
    return mask && affectedKidney(mask).mask;
  } catch (error) {
    if (error instanceof TrinephronError) return undefined;
    throw error;
  }
}

const archive = (name: string) =>
  new TrinephronError("E_UNSUPPORTED", `${name}: archives are not read in the browser`, "unpack it first");

function nothing(files: number, [first]: readonly Problem[]): TrinephronError {
  const why = first ? ` (${first.name}: ${first.reason})` : "";
  return new TrinephronError(
    "E_PHASE",
    `${files} ${files === 1 ? "file" : "files"}, and none of them an image of a CT${why}`,
    "choose the folder of a CT study: DICOM or NIfTI",
  );
}
