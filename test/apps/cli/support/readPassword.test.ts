import { PassThrough } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { readPassword } from "../../../../src/apps/cli/support/readPassword.ts";

afterEach(() => vi.restoreAllMocks());

/** An input that somebody types at, or a program writes to. */
const input = (isTTY: boolean, ...texts: string[]) => {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const next = () => {
    const text = texts.shift();
    if (text !== undefined) stream.write(text);
    if (texts.length > 0) setTimeout(next, 20);
    else if (!isTTY) stream.end();
  };
  setTimeout(next, 20);
  return stream;
};

test("of a program is the first line that it writes", async () => {
  expect(await readPassword(input(false, "correct ", "horse\nmore"))).toBe("correct horse");
  expect(await readPassword(input(false, "correct horse\r\n"))).toBe("correct horse");
  expect(await readPassword(input(false, " spaces stay "))).toBe(" spaces stay ");
  await expect(readPassword(input(false, ""))).rejects.toMatchObject({ code: "E_USAGE" });
});

test("of somebody who types is asked for twice, and shown nowhere", async () => {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const typed = await readPassword(input(true, "correct horse\r", "correct horse\r"));
  const other = readPassword(input(true, "correct horse\r", "correct house\r"));
  await expect(other).rejects.toMatchObject({ code: "E_USAGE" });
  vi.restoreAllMocks();
  expect(typed).toBe("correct horse");
  expect(written.join("")).toBe("password: \nonce more: \n".repeat(2));
});
