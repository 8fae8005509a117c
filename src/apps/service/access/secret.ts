import { createHash, randomBytes } from "node:crypto";

/** 256 random bits as text: of a session or a token, too many to be guessed. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** What is kept of a secret. One that nobody can guess needs neither salt nor a slow hash. */
export const secretHash = (secret: string): string => createHash("sha256").update(secret).digest("hex");
