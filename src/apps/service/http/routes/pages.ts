import { TrinephronError } from "../../../../base/errors.ts";
import { predictionFiles } from "../../../../report/prediction/predictionFiles.ts";
import { studyPage } from "../../pages/studyPage.ts";
import { worklistPage } from "../../pages/worklist.ts";
import { cancelStudy, retryStudy } from "../../studies/change.ts";
import { findStudy } from "../../studies/findStudy.ts";
import { countStates, listStudies, studyQuery } from "../../studies/listStudies.ts";
import { actorOf } from "../authorize.ts";
import type { HttpContext } from "../context.ts";
import { fileParameter, uidParameter } from "../schemas.ts";
import type { Server } from "../server.ts";

const htmlType = "text/html; charset=utf-8";
const types: Readonly<Record<string, string>> = {
  html: htmlType,
  json: "application/json; charset=utf-8",
  dcm: "application/dicom",
};
/** A report is shown in a frame of the study's page; it holds pictures and style, and does nothing. */
const reportPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";

/** Pages for people; none needs a script. */
export function pageRoutes(server: Server, { intake, results }: HttpContext): void {
  const { database } = intake;
  const hidden = { hide: true };
  server.get(
    "/",
    {
      config: { action: "see studies", audit: "worklist searched" },
      schema: { ...hidden, querystring: studyQuery },
    },
    async ({ query, caller }, reply) => {
      const now = new Date();
      const [page, counts] = [await listStudies(database, query), await countStates(database)];
      return reply.type(htmlType).send(worklistPage(page, query, counts, now, caller));
    },
  );
  server.get(
    "/studies/:uid",
    {
      config: { action: "see studies", audit: "study viewed" },
      schema: { ...hidden, params: uidParameter },
    },
    async ({ params, caller }, reply) =>
      reply.type(htmlType).send(studyPage(await findStudy(database, params.uid), caller)),
  );
  for (const [name, change] of [
    ["retry", retryStudy],
    ["cancel", cancelStudy],
  ] as const)
    server.post(
      `/studies/:uid/${name}`,
      { config: { action: "change studies" }, schema: { ...hidden, params: uidParameter } },
      async (request, reply) => {
        const { uid } = request.params;
        await change(intake, uid, actorOf(request));
        return reply.redirect(`/studies/${uid}`, 303);
      },
    );
  server.get(
    "/studies/:uid/files/:name",
    {
      config: { action: "see studies", audit: "result file read" },
      schema: { summary: "A file of a study's result", params: fileParameter },
    },
    async ({ params }, reply) => {
      const { result } = await findStudy(database, params.uid);
      const file = result?.files.find(({ name }) => name === params.name);
      if (!file) throw new TrinephronError("E_STUDY", "the study has no such file");
      const { name, key, bytes } = file;
      if (name === predictionFiles.page) reply.header("content-security-policy", reportPolicy);
      else if (name.endsWith(".dcm")) reply.header("content-disposition", `attachment; filename="${name}"`);
      return reply
        .type(types[name.split(".").at(-1)!] ?? "application/octet-stream")
        .header("content-length", bytes)
        .send(await results.read(key));
    },
  );
}
