import dimse, { type responses } from "dcmjs-dimse";
import { implementationClassUid } from "../../../../imaging/formats/dicom/write/part10.ts";
import type { ScuAnswer, ScuJob } from "./scuMessages.ts";
import { StoredFile } from "./storedFile.ts";

/** Sends the objects of one result by C-STORE in one association, and ends. */

// It would print names of patients.
dimse.log.setLevel("silent");
dimse.Implementation.setImplementationClassUid(implementationClassUid);
dimse.Implementation.setImplementationVersion("TRINEPHRON");

// The service has ended: what is sent is sent again by the next.
process.on("disconnect", () => process.exit(1));
// The parent stops this process where it has to.
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => {});

process.once("message", (job: ScuJob) => {
  const answer = (message: ScuAnswer) => process.send?.(message, () => process.exit(0));
  const statuses: (number | string)[] = job.files.map(() => "no answer");
  const client = new dimse.Client();
  let failed: string | undefined;
  const requests = job.files.map((path, n) => {
    const file = new StoredFile(path);
    const request = new dimse.requests.CStoreRequest(file);
    request.on("response", (response: responses.CStoreResponse) => (statuses[n] = response.getStatus()));
    client.addRequest(request);
    // A context for the file's own encoding alone: the library proposes others in front of it, which would be taken.
    const [sopClass, encoding] = [request.getAffectedSopClassUid() ?? "", file.getTransferSyntaxUid()];
    const context = new dimse.association.PresentationContext(0, sopClass, encoding);
    client.addAdditionalPresentationContext(context, true);
    return { request, sopClass, encoding };
  });
  client.on("associationAccepted", (accepted) => {
    for (const [n, { request, sopClass, encoding }] of requests.entries()) {
      const context = accepted.getAcceptedPresentationContextFromRequest(request);
      // The library leaves such an object out without a word, or encodes it anew.
      if (!context) statuses[n] = `SOP class ${sopClass}`;
      else if (context.getAcceptedTransferSyntaxUid() !== encoding)
        statuses[n] = `transfer syntax ${encoding}`;
    }
    if (statuses.every((status) => status === "no answer")) return;
    answer({ statuses });
    client.abort();
  });
  client.on("associationRejected", ({ result, source, reason }) => {
    failed = `the association was rejected: result ${result}, source ${source}, reason ${reason}`;
  });
  client.on("networkError", (error: NodeJS.ErrnoException) => {
    // The library writes who is concerned in front, which is nobody before there is an association.
    failed ??= error.message.replace(/^\s*->\s*/, "");
    answer(statuses.includes("no answer") ? { failed } : { statuses });
  });
  client.on("closed", () => answer(failed === undefined ? { statuses } : { failed }));
  const timeout = job.timeoutSeconds * 1000;
  client.send(job.host, job.port, job.callingAeTitle, job.aeTitle, {
    connectTimeout: timeout,
    associationTimeout: timeout,
    pduTimeout: timeout,
  });
});
