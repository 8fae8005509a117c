import { Writable } from "node:stream";
import type { StagedFile, StagedWriter } from "../../pixels/stagedFile.ts";

/** More than this is not kept in memory while the disk is slow. */
const highWaterMark = 2 ** 20;

/** What a stream of one image is paused by while the disk is slow. */
interface Flow {
  pause(): void;
  resume(): void;
}

/**
 * The data set of one C-STORE request on its way to the disk. It never fails while it is written, for the sender is to
 * be answered in the end: what went wrong is told by `finished`.
 */
export class StoreStream extends Writable {
  readonly #flow: Flow;
  readonly #opening: Promise<StagedWriter>;
  #failure: unknown;

  /** @param head written in front of the data set */
  constructor(opening: Promise<StagedWriter>, head: Uint8Array, flow: Flow) {
    super({ highWaterMark });
    this.#flow = flow;
    this.#opening = opening;
    opening.catch((error) => (this.#failure ??= error));
    this.on("drain", () => flow.resume());
    this.write(head);
  }

  override async _write(chunk: Buffer, _: BufferEncoding, done: () => void): Promise<void> {
    if (this.writableLength > highWaterMark) this.#flow.pause();
    try {
      if (this.#failure === undefined) await (await this.#opening).write(chunk);
    } catch (error) {
      this.#failure ??= error;
    }
    done();
  }

  /** @throws as `StagedWriter` */
  async finished(): Promise<StagedFile> {
    if (!this.writableFinished) await new Promise((resolve) => this.once("finish", resolve));
    if (this.#failure !== undefined) throw this.#failure;
    return (await this.#opening).finish();
  }

  /** Removes what was written of an image whose end will not come. */
  async abandon(): Promise<void> {
    this.#failure ??= new Error("the connection ended");
    await (await this.#opening.catch(() => undefined))?.discard();
  }
}
