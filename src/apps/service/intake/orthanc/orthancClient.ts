import { z } from "zod";
import { TrinephronError } from "../../../../base/errors.ts";
import { basicAuthorization, type Environment, secretOf } from "../../settings/secret.ts";
import type { OrthancSettings } from "./orthanc.ts";

const change = z.object({
  Seq: z.number(),
  ChangeType: z.string(),
  ID: z.string().regex(/^[0-9a-f-]{1,64}$/),
  Date: z.string().default(""),
});
const page = z.object({ Changes: z.array(change), Done: z.boolean(), Last: z.number() });
export type Change = z.output<typeof change>;
type ChangePage = z.output<typeof page>;

/** What is asked of an Orthanc. */
export interface OrthancClient {
  /**
   * Changes after one, in their order. Where there are none, `Last` is the number of the last one that there ever was.
   * @throws E_UNREACHABLE, E_FORMAT where the answer is of no Orthanc
   */
  changes(since: number, limit: number, signal: AbortSignal): Promise<ChangePage>;
  /**
   * An image's file, as it comes.
   * @returns undefined where the image was deleted meanwhile
   * @throws E_UNREACHABLE; E_REFUSED where it answers, but gives no file; and E_UNREACHABLE while the file is read
   */
  file(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** @throws E_USAGE where a variable that is named is not set */
export function orthancClient(
  { name, url, basicVariable, timeoutSeconds }: OrthancSettings,
  environment: Environment,
): OrthancClient {
  const whose = `Orthanc ${name}`;
  const authorization =
    basicVariable === undefined ? undefined : basicAuthorization(secretOf(environment, basicVariable, whose));
  const root = url.replace(/\/$/, "");
  const away = (why: string, cause?: unknown) =>
    new TrinephronError("E_UNREACHABLE", `${whose}: ${why}`, "it is tried again", { cause });
  const ask = async (path: string, signal: AbortSignal): Promise<Response> => {
    const patience = AbortSignal.timeout(timeoutSeconds * 1000);
    try {
      return await fetch(`${root}/${path}`, {
        headers: authorization === undefined ? {} : { authorization },
        // They would carry the password to somebody else.
        redirect: "error",
        signal: AbortSignal.any([signal, patience]),
      });
    } catch (error) {
      throw away(patience.aborted ? `no answer within ${timeoutSeconds} s` : causeOf(error), error);
    }
  };
  return {
    changes: async (since, limit, signal) => {
      const response = await ask(`changes?since=${since}&limit=${limit}`, signal);
      const text = await response.text().catch((error) => {
        throw away(causeOf(error), error);
      });
      if (!response.ok) throw away(`HTTP status ${response.status}`);
      const parsed = page.safeParse(jsonOf(text));
      if (parsed.success) return parsed.data;
      throw new TrinephronError(
        "E_FORMAT",
        `${whose}: what it answers is no list of changes`,
        "is it an Orthanc?",
      );
    },
    file: async (id, signal) => {
      const response = await ask(`instances/${id}/file`, signal);
      if (response.ok && response.body) return bodyOf(response.body, away);
      await response.body?.cancel();
      const { status } = response;
      if (status === 404 || status === 410) return undefined;
      if (status >= 500)
        throw new TrinephronError("E_REFUSED", `${whose}: HTTP status ${status} where an image should come`);
      throw away(`HTTP status ${status}`);
    },
  };
}

async function* bodyOf(
  body: AsyncIterable<Uint8Array>,
  away: (why: string, cause: unknown) => TrinephronError,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw away(causeOf(error), error);
  }
}

/** Of what fetch throws the cause tells more. */
function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? "it cannot be reached";
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
