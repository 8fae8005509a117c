/** What a connection may send (PS3.8 § 9.3). */
export interface PduLimits {
  /** Of a PDU's variable part, bytes. */
  readonly maxPduBytes: number;
}

/** What a connection sent that it may not. */
export class PduViolation extends Error {}

/** PDUs by their type: those that an acceptor of associations may get. */
const pdu = { associateRequest: 1, data: 4, releaseRequest: 5, abort: 7 } as const;
const expected = new Set<number>(Object.values(pdu));
const headBytes = 6;

/** The commands that are answered (PS3.7 annex E); others would have their data sets held in memory. */
const commands = new Set([0x0001, 0x0030, 0x0fff]);
/** A command set is a few hundred bytes. */
const maxCommandBytes = 16_384;
/** Tag (0000,0100), Command Field, and the length of its value, implicit VR little endian. */
const commandField = Buffer.from([0, 0, 0, 1, 2, 0, 0, 0]);

/**
 * Reads along what a connection sends, before it reaches the library, which believes any length and keeps what it is
 * sent. Takes chunks as they come.
 * @returns a function that takes a chunk and returns how many PDUs ended in it @throws PduViolation
 */
export function pduGuard({ maxPduBytes }: PduLimits): (chunk: Uint8Array) => number {
  let held: Buffer[] = [];
  let length = 0;
  let needed = headBytes;
  let command: Buffer[] = [];

  const pduEnds = (whole: Buffer) => {
    if (whole[0] !== pdu.data) return;
    for (let at = headBytes; at < whole.length; ) {
      if (at + 6 > whole.length) throw new PduViolation("a value that ends before its head");
      const bytes = whole.readUInt32BE(at);
      const end = at + 4 + bytes;
      if (bytes < 2 || end > whole.length) throw new PduViolation("a value longer than its PDU");
      const control = whole[at + 5];
      if (control & 1) commandPart(whole.subarray(at + 6, end), (control & 2) !== 0);
      at = end;
    }
  };
  const commandPart = (part: Buffer, isLast: boolean) => {
    command.push(part);
    if (command.reduce((sum, each) => sum + each.length, 0) > maxCommandBytes)
      throw new PduViolation("a command without end");
    if (!isLast) return;
    const whole = Buffer.concat(command);
    command = [];
    const at = whole.indexOf(commandField);
    if (at < 0 || at + 10 > whole.length || !commands.has(whole.readUInt16LE(at + 8)))
      throw new PduViolation("a command that is neither C-STORE nor C-ECHO");
  };

  return (chunk) => {
    let ended = 0;
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    while (rest.length > 0) {
      const part = rest.subarray(0, needed - length);
      held.push(part);
      length += part.length;
      rest = rest.subarray(part.length);
      if (length < needed) break;
      const whole = held.length === 1 ? held[0] : Buffer.concat(held);
      held = [whole];
      if (length === headBytes) {
        const bytes = whole.readUInt32BE(2);
        if (!expected.has(whole[0])) throw new PduViolation(`a PDU of type ${whole[0]}`);
        if (bytes > maxPduBytes) throw new PduViolation(`a PDU of ${bytes} bytes`);
        needed = headBytes + bytes;
        if (bytes > 0) continue;
      }
      pduEnds(whole);
      ended++;
      held = [];
      length = 0;
      needed = headBytes;
    }
    // A part of a chunk would keep all of it in memory.
    if (held.length > 0) held = [Buffer.from(Buffer.concat(held))];
    return ended;
  };
}
