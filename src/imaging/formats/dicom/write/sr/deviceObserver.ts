import { type ContentItem, code, text, uidref } from "./contentItem.ts";
import { templateCodes } from "./templateCodes.ts";

/** A device that observed what a report says: a program or a model. What is unknown is left out. */
export interface DeviceObserver {
  /** The same device has the same in all reports. */
  readonly uid: string;
  readonly name?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  readonly serialNumber?: string | undefined;
}

/** Observation context of a device: TID 1001 with TID 1004 (PS3.16). */
export function deviceObserver({
  uid,
  name,
  manufacturer,
  model,
  serialNumber,
}: DeviceObserver): ContentItem[] {
  const described = [
    [templateCodes.deviceName, name],
    [templateCodes.deviceManufacturer, manufacturer],
    [templateCodes.deviceModel, model],
    [templateCodes.deviceSerialNumber, serialNumber],
  ] as const;
  return [
    code("HAS OBS CONTEXT", templateCodes.observerType, templateCodes.device),
    uidref("HAS OBS CONTEXT", templateCodes.deviceUid, uid),
    ...described.flatMap(([concept, value]) =>
      value === undefined ? [] : [text("HAS OBS CONTEXT", concept, value)],
    ),
  ];
}
