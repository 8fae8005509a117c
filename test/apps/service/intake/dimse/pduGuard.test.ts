import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PduViolation, pduGuard } from "../../../../../src/apps/service/intake/dimse/pduGuard.ts";

const limits = { maxPduBytes: 20_000 };
const pdu = (type: number, content: Uint8Array, length = content.length) => {
  const head = Buffer.from([type, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(length, 2);
  return Buffer.concat([head, content]);
};
const pdv = (control: number, content: Uint8Array, length = content.length + 2) => {
  const head = Buffer.from([0, 0, 0, 0, 1, control]);
  head.writeUInt32BE(length);
  return Buffer.concat([head, content]);
};
/** A command set with its Command Field alone. */
const command = (field: number) => Buffer.from([0, 0, 0, 1, 2, 0, 0, 0, field & 0xff, field >> 8]);

const conversation = [
  pdu(1, Buffer.alloc(200)),
  pdu(4, pdv(3, command(0x0030))),
  pdu(4, pdv(1, command(1).subarray(0, 5))),
  pdu(4, pdv(3, command(1).subarray(5))),
  pdu(4, Buffer.concat([pdv(0, Buffer.alloc(5000)), pdv(2, Buffer.alloc(9000, 4))])),
  pdu(4, Buffer.alloc(0)),
  pdu(5, Buffer.alloc(4)),
];

test("what is allowed passes, in chunks of any size", () => {
  const bytes = Buffer.concat(conversation);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 30 }), (sizes) => {
      const guard = pduGuard(limits);
      let [at, ended] = [0, 0];
      for (const size of [...sizes, bytes.length]) {
        ended += guard(bytes.subarray(at, at + size));
        at += size;
      }
      expect(ended).toBe(conversation.length);
    }),
    { numRuns: 50 },
  );
});

describe("is a violation", () => {
  test.each<[string, readonly Buffer[]]>([
    ["a PDU longer than was agreed, before it comes", [pdu(4, Buffer.alloc(0), 20_001)]],
    ["a length of 4 GB", [pdu(1, Buffer.alloc(0), 0xffffffff)]],
    ["a PDU that only an asking side gets", [pdu(2, Buffer.alloc(4))]],
    ["something else, as a browser sends", [Buffer.from("GET / HTTP/1.1\r\n\r\n")]],
    ["a value longer than its PDU", [pdu(4, pdv(0, Buffer.alloc(10), 100))]],
    ["a value shorter than its head", [pdu(4, pdv(0, Buffer.alloc(10), 1))]],
    ["a value without a head", [pdu(4, Buffer.alloc(3))]],
    ["a command without end", Array.from({ length: 3 }, () => pdu(4, pdv(1, Buffer.alloc(8000))))],
    ["C-FIND, whose query would be kept", [pdu(4, pdv(3, command(0x0020)))]],
    ["no command at all", [pdu(4, pdv(3, Buffer.alloc(30)))]],
  ])("%s", (_, sent) => {
    const guard = pduGuard(limits);
    expect(() => sent.forEach((chunk) => guard(chunk))).toThrow(PduViolation);
  });
});

test("any bytes are a violation or wait for more", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
      try {
        expect(pduGuard(limits)(bytes)).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(PduViolation);
      }
    }),
  );
});
