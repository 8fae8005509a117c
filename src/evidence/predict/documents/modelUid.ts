import { uid } from "../../../imaging/formats/dicom/index.ts";

/** UID of a model as a device: the same model has the same. @param sha256 of `model.onnx` */
export const modelUid = (sha256: string): string => uid(`trinephron model ${sha256}`);
