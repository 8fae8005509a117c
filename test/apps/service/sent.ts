import { setTimeout as wait } from "node:timers/promises";

/** Sends DICOM files by STOW-RS. @param url of the service */
export function sendByStow(url: string, files: readonly Uint8Array[]): Promise<Response> {
  const parts = files.flatMap((bytes) => [
    Buffer.from("--part\r\nContent-Type: application/dicom\r\n\r\n"),
    bytes,
    Buffer.from("\r\n"),
  ]);
  return fetch(`${url}/dicomweb/studies`, {
    method: "POST",
    headers: { "content-type": 'multipart/related; type="application/dicom"; boundary=part' },
    body: Buffer.concat([...parts, Buffer.from("--part--")]),
  });
}

/** What the service says of a study. */
export interface ToldStudy {
  readonly state: string;
  readonly reasonCode: string | null;
  readonly events: readonly { readonly kind: string }[];
  readonly result?: { readonly files: readonly { readonly name: string }[] };
}

/** Waits until the service says that a study is in a state. */
export async function untilState(url: string, studyUid: string, state: string): Promise<ToldStudy> {
  let told: ToldStudy | undefined;
  for (let tries = 0; tries < 600 && told?.state !== state; tries++) {
    if (tries > 0) await wait(50);
    told = (await (await fetch(`${url}/api/studies/${studyUid}`)).json()) as ToldStudy;
  }
  if (told?.state !== state) throw new Error(`the study is not ${state}: ${JSON.stringify(told)}`);
  return told;
}
