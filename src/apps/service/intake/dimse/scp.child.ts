import { randomUUID } from "node:crypto";
import { createServer, type Socket } from "node:net";
import type { Writable } from "node:stream";
import dimse, { type association, type requests } from "dcmjs-dimse";
import { TrinephronError } from "../../../../base/errors.ts";
import { isUid } from "../../../../imaging/formats/dicom/write/keepable.ts";
import { implementationClassUid } from "../../../../imaging/formats/dicom/write/part10.ts";
import { type StagedFile, stageFile } from "../../pixels/stagedFile.ts";
import { addressList, plainAddress } from "../../settings/addressList.ts";
import { failureReason } from "../failureReason.ts";
import { answerContext } from "./contexts.ts";
import { fileMeta } from "./fileMeta.ts";
import { PduViolation, pduGuard } from "./pduGuard.ts";
import type { FromScp, ScpSettings, ToScp } from "./scpMessages.ts";
import { StoreStream } from "./storeStream.ts";

/**
 * Takes images by C-STORE, in a process of its own: an error within dcmjs-dimse ends the process that it happens in.
 * Every image is handed to the process that started this one, and success is said only when that one has it safe.
 */
const settings: ScpSettings = JSON.parse(process.argv[2]);
const { PresentationContextResult, RejectReason, RejectResult, RejectSource } = dimse.constants;
const { CEchoResponse, CStoreResponse } = dimse.responses;
const success = 0x0000;
/** Out of resources: the sender may try again. */
const noResources = 0xa700;

// It would print names of patients.
dimse.log.setLevel("silent");
dimse.Implementation.setMaxPduLength(settings.maxPduBytes);
dimse.Implementation.setImplementationClassUid(implementationClassUid);
dimse.Implementation.setImplementationVersion("TRINEPHRON");

const tell = (message: FromScp) => void process.send?.(message);
// The service has ended: nobody would keep what comes.
process.on("disconnect", () => process.exit(0));
// The parent stops this process; a signal to the whole group, as Ctrl-C is, must not cut off what is being received.
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => {});

const asked = new Map<number, (status: number) => void>();
let next = 0;
process.on("message", ({ id, status }: ToScp) => {
  asked.get(id)?.(status);
  asked.delete(id);
});

class StoreScp extends dimse.Scp {
  readonly #connection: Socket;
  readonly #address: string | undefined;
  #calling: string | undefined;
  /** A connection has one association. */
  readonly #request = randomUUID();
  readonly #streams = new Set<StoreStream>();
  /** Of the request under way; there is one at a time on a connection. A number is the status of one that failed. */
  #stored: Promise<StagedFile | number> | undefined;

  constructor(socket: Socket) {
    super(socket, {});
    this.#connection = socket;
    this.#address = plainAddress(socket.remoteAddress);
    this.on("networkError", () => socket.destroy());
    this.on("close", () => {
      for (const stream of this.#streams) void stream.abandon();
    });
  }

  override associationRequested(asking: association.Association): void {
    const reason = this.#objection(asking);
    if (reason !== undefined) {
      tell({ kind: "refused", why: "AE title" });
      this.sendAssociationReject(RejectResult.Permanent, RejectSource.ServiceUser, reason);
      return;
    }
    for (const { context } of asking.getPresentationContexts()) {
      const answer = answerContext(context.getAbstractSyntaxUid(), context.getTransferSyntaxUids());
      if ("transferSyntax" in answer)
        context.setResult(PresentationContextResult.Accept, answer.transferSyntax);
      else
        context.setResult(
          answer.refused === "abstract syntax"
            ? PresentationContextResult.RejectAbstractSyntaxNotSupported
            : PresentationContextResult.RejectTransferSyntaxesNotSupported,
        );
    }
    // The library answers with the lesser of both lengths, and takes the sender's 0, which means any, for less.
    if (asking.getMaxPduLength() === 0) asking.setMaxPduLength(settings.maxPduBytes);
    this.sendAssociationAccept();
  }

  #objection(asking: association.Association): number | undefined {
    if (asking.getCalledAeTitle().trim() !== settings.aeTitle) return RejectReason.CalledAeNotRecognized;
    const { callers } = settings;
    const calling = asking.getCallingAeTitle().trim();
    this.#calling = calling;
    return callers.length > 0 && !callers.includes(calling) ? RejectReason.CallingAeNotRecognized : undefined;
  }

  override associationReleaseRequested(): void {
    this.sendAssociationReleaseResponse();
  }

  override abort(): void {
    this.#connection.destroy();
  }

  override cEchoRequest(
    request: requests.CEchoRequest,
    answer: (response: InstanceType<typeof CEchoResponse>) => void,
  ): void {
    const response = CEchoResponse.fromRequest(request);
    response.setStatus(success);
    answer(response);
  }

  override createStoreWritableStream(
    context: association.PresentationContext,
    request: requests.CStoreRequest,
  ): StoreStream {
    const { sopClassUid, sopInstanceUid } = announcedIn(request);
    const head = fileMeta(
      sopClassUid ?? "",
      sopInstanceUid ?? "",
      context.getAcceptedTransferSyntaxUid() ?? "",
    );
    const opening = stageFile(settings.incoming, settings.maxInstanceBytes);
    const stream = new StoreStream(opening, head, this.#connection);
    this.#streams.add(stream);
    return stream;
  }

  override createDatasetFromStoreWritableStream(
    stream: Writable,
    _: association.PresentationContext,
    done: (dataset: InstanceType<typeof dimse.Dataset>) => void,
  ): void {
    const own = stream as StoreStream;
    this.#stored = own
      .finished()
      .catch((error: unknown) => (error instanceof TrinephronError ? failureReason(error) : noResources))
      .finally(() => this.#streams.delete(own));
    // The data set lies on the disk; the library wants one all the same.
    done(new dimse.Dataset({}));
  }

  override async cStoreRequest(
    request: requests.CStoreRequest,
    answer: (response: InstanceType<typeof CStoreResponse>) => void,
  ): Promise<void> {
    const response = CStoreResponse.fromRequest(request);
    const file = await this.#stored;
    response.setStatus(
      typeof file === "object"
        ? await new Promise<number>((resolve) => {
            const id = next++;
            asked.set(id, resolve);
            const announced = {
              ...announcedIn(request),
              sender: this.#calling,
              address: this.#address,
              request: this.#request,
            };
            tell({ kind: "store", id, file, announced });
          })
        : (file ?? noResources),
    );
    if (!this.#connection.destroyed) answer(response);
  }
}

/** UIDs that the command names; what is none stays out of the file, and is refused by what the data set says. */
function announcedIn(request: requests.CStoreRequest) {
  const uid = (text: string | undefined) => (text !== undefined && isUid(text) ? text : undefined);
  return {
    sopClassUid: uid(request.getAffectedSopClassUid()),
    sopInstanceUid: uid(request.getAffectedSopInstanceUid()),
  };
}

/** One of IPv4 as such, though the socket is of both kinds. */
const isListed = addressList(settings.addresses);
const isAllowed = (address: string | undefined) => settings.addresses.length === 0 || isListed(address);

const server = createServer({ noDelay: true }, (socket) => {
  if (!isAllowed(socket.remoteAddress)) {
    tell({ kind: "refused", why: "address" });
    return socket.destroy();
  }
  const guard = pduGuard(settings);
  const cut = (why: string) => {
    tell({ kind: "refused", why });
    socket.destroy();
  };
  const idle = setTimeout(() => cut("idle"), settings.idleSeconds * 1000);
  socket.on("close", () => clearTimeout(idle));
  // Before the library's own listener.
  socket.on("data", (chunk) => {
    try {
      if (guard(chunk) > 0) idle.refresh();
    } catch (error) {
      if (!(error instanceof PduViolation)) throw error;
      cut("PDU");
    }
  });
  new StoreScp(socket);
});
server.maxConnections = settings.maxConnections;
server.on("drop", () => tell({ kind: "refused", why: "connections" }));
// The parent starts this process again, unless it is the first time.
server.on("error", ({ code = "", message }: NodeJS.ErrnoException) =>
  process.send?.({ kind: "failed", code, message } satisfies FromScp, () => process.exit(1)),
);
server.listen(settings.port, settings.host, () => {
  const address = server.address();
  if (typeof address === "object" && address) tell({ kind: "listening", port: address.port });
});
