import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

/** A person whom the provider knows; by this name it is signed in without being asked. */
interface Person {
  readonly preferred_username?: string;
  readonly roles?: readonly string[] | string;
}

export interface MadeProvider {
  readonly issuer: string;
  readonly people: Record<string, Person>;
  /**
   * What a browser does there, until it is sent away.
   * @param who signs in; undefined: somebody who refuses to
   * @returns where it is sent to
   */
  visit(to: string, who: string | undefined): Promise<string>;
  close(): void;
}

/** A provider of OpenID Connect with one client, whose name is `service`. */
export async function aProvider(secret: string, redirect: string): Promise<MadeProvider> {
  const people: Record<string, Person> = {};
  let who: string | undefined;
  const server = createServer((request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void handle(request, response);
    const login = who === undefined ? { error: "access_denied" } : { login: { accountId: who } };
    void provider.interactionFinished(request, response, login);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "service",
        client_secret: secret,
        redirect_uris: [redirect],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username", "roles"] },
    cookies: { keys: ["a key of the test"] },
    features: { devInteractions: { enabled: false } },
    ttl: { Interaction: 60, Grant: 60, Session: 60, AccessToken: 60, IdToken: 60 },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) as { sub: string } }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({
        clientId: oidc.client!.clientId,
        accountId: oidc.session!.accountId!,
      });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  return {
    issuer,
    people,
    visit: async (to, person) => {
      who = person;
      const jar = new Map<string, string>();
      let at = to;
      while (at.startsWith(issuer)) {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
        const answer = await fetch(at, { redirect: "manual", headers: { cookie } });
        for (const each of answer.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(each)!;
          jar.set(name, value);
        }
        const location = answer.headers.get("location");
        if (location === null) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
        at = new URL(location, at).href;
      }
      return at;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
