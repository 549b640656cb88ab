import { packet, properties, sized } from '../../benchmarks/mqtt-bytes';
import type { ProtocolVersion } from '../../lib/iot-core-local/mqtt/packets';

export interface MalformedCase {
  /** The rule that is broken, and the clause that makes it one. */
  readonly rule: string;
  readonly versions: readonly ProtocolVersion[];
  readonly bytes: (version: ProtocolVersion) => Buffer;
  readonly reasonCode: number;
  /** Part of the error's message, to tell that it was this rule. */
  readonly says: string;
}

export const malformed = 0x81;
export const protocolError = 0x82;
export const topicNameInvalid = 0x90;
export const topicAliasInvalid = 0x94;

export const both = rulesOf(4, 5);
export const only3 = rulesOf(4);
export const only5 = rulesOf(5);

function rulesOf(...versions: ProtocolVersion[]) {
  return (rule: string, reasonCode: number, says: string, bytes: MalformedCase['bytes']): MalformedCase => ({
    rule,
    versions,
    bytes,
    reasonCode,
    says,
  });
}

/** An empty property length, where the version has one. */
export function none(version: ProtocolVersion): number[] {
  return version === 5 ? properties() : [];
}

export function connectWith(version: ProtocolVersion, flags: number, ...payload: number[][]): Buffer {
  return packet(0x10, sized('MQTT'), version, flags, [0, 60], none(version), sized('car1'), ...payload);
}

export type Owner = 'CONNECT' | 'will' | 'PUBLISH' | 'PUBACK' | 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'DISCONNECT';

/** A packet in which nothing is wrong but, it may be, these properties. */
export function within(owner: Owner, property: readonly number[]): Buffer {
  const block = properties(property);
  switch (owner) {
    case 'CONNECT':
      return packet(0x10, sized('MQTT'), 5, 0x02, [0, 60], block, sized('car1'));
    case 'will':
      return connectWith(5, 0x06, block, sized('t'), sized('gone'));
    case 'PUBLISH':
      return packet(0x30, sized('t'), block);
    case 'PUBACK':
      return packet(0x40, [0, 1], 0, block);
    case 'SUBSCRIBE':
      return packet(0x82, [0, 1], block, sized('t'), 0);
    case 'UNSUBSCRIBE':
      return packet(0xa2, [0, 1], block, sized('t'));
    case 'DISCONNECT':
      return packet(0xe0, 0, block);
  }
}
