import { packet } from '../mqtt-bytes';
import { pick, type Random } from '../random';

/** A packet with one to three changes. @param others - packets whose ends it may get */
export function mutate(random: Random, sample: Buffer, others: readonly Buffer[]): Buffer {
  let bytes = [...sample];
  for (let left = 1 + random(3); left > 0; left--) {
    const at = random(bytes.length + 1);
    switch (random(6)) {
      case 0: // one bit
        if (at < bytes.length) bytes[at] ^= 1 << random(8);
        break;
      case 1: // a byte with a value at a limit
        if (at < bytes.length) bytes[at] = pick(random, [0x00, 0x01, 0x23, 0x2b, 0x7f, 0x80, 0xc0, 0xed, 0xff]);
        break;
      case 2: // one more byte
        bytes.splice(at, 0, random(256));
        break;
      case 3: // some bytes less
        bytes.splice(at, 1 + random(4));
        break;
      case 4: // a part repeated
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random(12)));
        break;
      case 5: // the end of another packet
        bytes = [...bytes.slice(0, at), ...pick(random, others).subarray(random(8))];
        break;
    }
  }
  // Most mutants get a correct remaining length, so that the fault lies deeper.
  if (random(4) > 0 && bytes.length >= 2 && bytes[1] < 0x80) return packet(bytes[0], bytes.slice(2));
  return Buffer.from(bytes);
}
