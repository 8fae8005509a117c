import { z } from "zod";
import { basicVariable, namedOnce, remoteName, remoteUrl } from "../../settings/remote.ts";

/** An Orthanc from which images are taken as they come there. */
export const orthanc = z.strictObject({
  name: remoteName,
  url: remoteUrl.describe("of its REST API"),
  basicVariable,
  pollSeconds: z.number().min(0.1).max(3600).default(5).describe("time between two looks at its changes"),
  timeoutSeconds: z.number().min(0.1).max(3600).default(120).describe("longest that one image may take"),
});
export type OrthancSettings = z.output<typeof orthanc>;

export const orthancs = namedOnce(orthanc);
