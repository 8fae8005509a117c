import type { Readable } from "node:stream";
import { stow } from "../../intake/stow/stow.ts";
import { actorOf } from "../authorize.ts";
import type { HttpContext } from "../context.ts";
import type { Server } from "../server.ts";

/** Images by STOW-RS. */
export function stowRoutes(server: Server, { intake, limits }: HttpContext): void {
  // The body goes to the disk as it comes.
  server.addContentTypeParser("*", (_, body, done) => done(null, body));
  for (const path of ["/dicomweb/studies", "/dicomweb/studies/:uid"])
    server.post(
      path,
      {
        config: { action: "send images" },
        bodyLimit: limits.maxBodyBytes,
        schema: {
          summary: "Store images (STOW-RS, PS3.18 § 10.5)",
          consumes: ["multipart/related"],
          description: 'The body is multipart/related; type="application/dicom". The answer is DICOM JSON.',
        },
      },
      async (request, reply) => {
        const { params, headers, body } = request;
        const { uid: studyUid } = params as { readonly uid?: string };
        const { status, dataset } = await stow(
          intake,
          { studyUid, contentType: headers["content-type"], body: body as Readable, by: actorOf(request) },
          limits,
        );
        return reply
          .status(status)
          .type("application/dicom+json; charset=utf-8")
          .send(JSON.stringify(dataset));
      },
    );
}
