import { rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { TrinephronError } from "../../../../base/errors.ts";
import { library } from "../../library.ts";
import { type StagedFile, type StagedWriter, stageFile } from "../../pixels/stagedFile.ts";

/** Limits of one request. */
export interface StowLimits {
  readonly maxParts: number;
  /** Of the whole body. */
  readonly maxBodyBytes: number;
  /** Of one part. */
  readonly maxInstanceBytes: number;
}

type PartStream = Readable;

/**
 * Writes the parts of a multipart body to files as they come; no part is held in memory. All of them, or none: where the
 * body breaks off, or goes beyond a limit, what was written is removed.
 * @param incoming folder of the files
 * @throws E_FORMAT where the body is broken, E_LIMIT, E_FILE_WRITE, E_LIBRARY
 */
export async function stageParts(
  body: Readable,
  boundary: string,
  incoming: string,
  limits: StowLimits,
): Promise<StagedFile[]> {
  const { Dicer } = await library("@fastify/busboy", async () => (await import("@fastify/busboy")).default);
  const staged: StagedFile[] = [];
  const dicer = new Dicer({ boundary });
  // Parts come one after another: the parser stops while one is written.
  let writing: Promise<void> = Promise.resolve();
  let failure: unknown;
  let parts = 0;
  let current: PartStream | undefined;
  const ended = Promise.withResolvers<void>();
  let wake = () => {};
  const fail = (error: unknown) => {
    failure ??= error;
    current?.destroy(new Error("stopped"));
    ended.resolve();
    wake();
  };
  dicer.on("error", fail);
  dicer.on("finish", () => ended.resolve());
  dicer.on("drain", () => wake());
  dicer.on("part", (part: PartStream) => {
    part.on("error", () => {});
    if (++parts > limits.maxParts) return fail(limit(`more than ${limits.maxParts} parts`));
    let isDicom = true;
    part.on("header", (header: Record<string, readonly string[]>) => {
      isDicom = /^application\/dicom\s*(;|$)/i.test(header["content-type"]?.[0] ?? "application/dicom");
    });
    writing = writing
      .then(async () => {
        if (failure) return;
        current = part;
        const file = await write(part, incoming, limits.maxInstanceBytes);
        if (!isDicom) {
          await rm(file.path, { force: true });
          throw new TrinephronError("E_UNSUPPORTED", `part ${parts} is no application/dicom`);
        }
        staged.push(file);
      })
      .catch(fail);
  });
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > limits.maxBodyBytes) throw limit(`a body of more than ${limits.maxBodyBytes} bytes`);
      if (failure) throw failure;
      // What failed while it was written wakes nobody any more.
      if (!dicer.write(chunk) && failure === undefined)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    dicer.end();
    await ended.promise;
    await writing;
    if (failure) throw failure;
    if (staged.length === 0) throw new TrinephronError("E_FORMAT", "the body has no parts");
    return staged;
  } catch (error) {
    const cause = failure ?? error;
    fail(cause);
    await writing;
    await Promise.all(staged.map(({ path }) => rm(path, { force: true })));
    throw cause instanceof TrinephronError ? cause : broken(cause);
  }
}

async function write(part: PartStream, incoming: string, most: number): Promise<StagedFile> {
  let writer: StagedWriter | undefined;
  try {
    writer = await stageFile(incoming, most);
    for await (const chunk of part) await writer.write(chunk);
    return await writer.finish();
  } catch (error) {
    await writer?.discard();
    throw error;
  }
}

const limit = (what: string) => new TrinephronError("E_LIMIT", what, "send fewer images at a time");

const broken = (cause: unknown) =>
  new TrinephronError("E_FORMAT", "the multipart body is broken or ends early", "send it again", { cause });
