import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { TrinephronError } from "../../../base/errors.ts";

/** Of what is hashed now; a hash that was made by others says so itself. */
const now = { ln: 17, r: 8, p: 1 } as const;
type Cost = Readonly<Record<keyof typeof now, number>>;

const saltBytes = 16;
const hashBytes = 32;
/** Each hash takes 128 MiB: more is not asked for, whatever a stored hash says. */
const maxmem = 192 * 2 ** 20;

export const passwordLength = { least: 12, most: 200 } as const;

/**
 * A password as it is kept: scrypt with a salt of its own, in the PHC string format.
 * @throws E_USAGE for one that is too short or too long, E_BUSY where too many are hashed at once
 */
export async function hashPassword(password: string): Promise<string> {
  const length = [...password].length;
  if (length < passwordLength.least || length > passwordLength.most)
    throw new TrinephronError(
      "E_USAGE",
      `the password has ${length} characters`,
      `choose one of ${passwordLength.least} to ${passwordLength.most}; several words are easier to remember than signs`,
    );
  const salt = randomBytes(saltBytes);
  const { ln, r, p } = now;
  const hash = await derive(password, salt, now);
  return `$scrypt$ln=${ln},r=${r},p=${p}$${text(salt)}$${text(hash)}`;
}

const text = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");

const shape = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/;

/** Where there is no password to compare with, this is, so that the answer takes as long. */
const ofNobody = `$scrypt$ln=${now.ln},r=${now.r},p=${now.p}$${text(Buffer.alloc(saltBytes))}$${text(Buffer.alloc(hashBytes))}`;

/**
 * Whether a password is the one that was hashed. It takes as long where there is none.
 * @throws E_BUSY where too many are hashed at once
 */
export async function isPassword(password: string, hashed: string | null | undefined): Promise<boolean> {
  const [, ln, r, p, salt, hash] = shape.exec(hashed ?? ofNobody) ?? shape.exec(ofNobody)!;
  const kept = Buffer.from(hash, "base64");
  const found = await derive(password.slice(0, 4 * passwordLength.most), Buffer.from(salt, "base64"), {
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(found, kept.length === hashBytes ? kept : Buffer.alloc(hashBytes)) && hashed != null;
}

/** Hashes that wait for the one that is made. */
let waiting = 0;
const mostWaiting = 16;
let last: Promise<unknown> = Promise.resolve();

/** One at a time: many at once would take the memory that studies are read in. */
function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  if (waiting >= mostWaiting)
    throw new TrinephronError("E_BUSY", "too many sign in at the same time", "try again in a few seconds");
  waiting++;
  const own = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) =>
        scrypt(
          // The same letters, whichever way a keyboard composes them.
          password.normalize("NFKC"),
          salt,
          hashBytes,
          { N: 2 ** ln, r, p, maxmem },
          (error, key) => (error ? reject(error) : resolve(key)),
        ),
      ),
  );
  last = own.catch(() => {}).finally(() => waiting--);
  return own;
}
