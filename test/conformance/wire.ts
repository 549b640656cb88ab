import { packet, properties, sized, uint16 } from '../../benchmarks/mqtt-bytes';
import type { Version } from '../support/raw-client';

type Bytes = string | readonly number[];

interface ConnectFields {
  readonly clean?: boolean;
  /** Wants the session that is there and to have it kept: Clean Session 0 under 3.1.1, a Session Expiry Interval of 60 s under 5. */
  readonly kept?: boolean;
  readonly will?: WillFields;
  readonly properties?: readonly (readonly number[])[];
}

interface WillFields {
  readonly topic: Bytes;
  readonly payload?: string;
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
  readonly properties?: readonly (readonly number[])[];
}

interface PublishFields {
  readonly payload?: string;
  readonly qos?: 0 | 1 | 2;
  readonly packetId?: number;
  readonly retain?: boolean;
  readonly dup?: boolean;
  readonly properties?: readonly (readonly number[])[];
}

/** What an MQTT 5 CONNACK tells of the server: AWS IoT Core's quotas. */
const offers = [
  [0x21, 0, 100], // receive maximum
  [0x24, 1], // maximum QoS
  [0x25, 1], // retain available
  [0x27, 0, 2, 0x48, 0], // maximum packet size
  [0x22, 0, 8], // topic alias maximum
  [0x28, 1], // wildcard subscription available
  [0x29, 0], // subscription identifiers available
  [0x2a, 1], // shared subscription available
] as const;

/** The bytes of packets, the client's and the server's, under one version of MQTT. What only 5 has is left out under 3.1.1. */
export class Wire {
  /** A topic, or the beginning of one, that no other case uses. */
  readonly topic: string;

  /** @param suite - tells the client ids and the topic of one case from those of all others */
  constructor(
    readonly version: Version,
    private readonly suite: string,
  ) {
    this.topic = `topic ${suite}`;
  }

  /** Clean and without a will unless told otherwise, with a keep-alive of 60 s. */
  connect(who: string, { kept = false, clean = !kept, will, properties: own = [] }: ConnectFields = {}): Buffer {
    const expiry = kept ? [[0x11, 0, 0, 0, 60]] : [];
    const payload = [sized(`${who} ${this.suite}`), ...(will ? this.will(will) : [])];
    return this.connectOf((clean ? 0x02 : 0) | (will ? willFlags(will) : 0), [...expiry, ...own], ...payload);
  }

  /** CONNECT byte by byte: its flags, its properties, and its payload. */
  connectOf(flags: number, own: readonly (readonly number[])[], ...payload: readonly (readonly number[])[]): Buffer {
    return packet(0x10, sized('MQTT'), this.version, flags, [0, 60], this.properties(own), ...payload);
  }

  connack({ present = false }: { readonly present?: boolean } = {}): Buffer {
    return packet(0x20, present ? 1 : 0, 0, this.properties(offers));
  }

  /** CONNACK with an MQTT 5 reason code; under 3.1.1 nothing, or the return code that there is for it. */
  refusal(reasonCode: number, returnCode?: number): Buffer {
    if (this.version === 5) return packet(0x20, 0, reasonCode, 0);
    return returnCode === undefined ? nothing : packet(0x20, 0, returnCode);
  }

  publish(topic: Bytes, { payload = 'x', qos = 0, packetId, retain, dup, ...fields }: PublishFields = {}): Buffer {
    const firstByte = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
    const id = packetId === undefined ? [] : uint16(packetId);
    return packet(firstByte, sized(topic), id, this.properties(fields.properties), [...Buffer.from(payload)]);
  }

  puback(packetId: number, ...reasonCode: readonly number[]): Buffer {
    return packet(0x40, uint16(packetId), reasonCode);
  }

  /** @param filters - each with its options, which under 3.1.1 are the QoS alone */
  subscribe(packetId: number, ...filters: readonly (readonly [filter: Bytes, options: number])[]): Buffer {
    const payload = filters.map(([filter, options]) => [...sized(filter), options]);
    return packet(0x82, uint16(packetId), this.properties(), ...payload);
  }

  suback(packetId: number, ...codes: readonly number[]): Buffer {
    return packet(0x90, uint16(packetId), this.properties(), codes);
  }

  unsubscribe(packetId: number, ...filters: readonly Bytes[]): Buffer {
    return packet(0xa2, uint16(packetId), this.properties(), ...filters.map(sized));
  }

  /** @param codes - 5 only: 3.1.1 has none */
  unsuback(packetId: number, ...codes: readonly number[]): Buffer {
    return packet(0xb0, uint16(packetId), this.properties(), this.version === 5 ? codes : []);
  }

  disconnect(...reasonCode: readonly number[]): Buffer {
    return packet(0xe0, reasonCode);
  }

  /** What the server says before it closes a connection: 3.1.1 has no word for it. */
  farewell(reasonCode: number): Buffer {
    return this.version === 5 ? packet(0xe0, reasonCode) : nothing;
  }

  private properties(own: readonly (readonly number[])[] = []): number[] {
    return this.version === 5 ? properties(...own) : [];
  }

  private will({ topic, payload = 'gone', properties: own }: WillFields): number[][] {
    return [this.properties(own), sized(topic), sized(payload)];
  }
}

export const nothing = Buffer.alloc(0);
export const pingreq = packet(0xc0);
export const pingresp = packet(0xd0);

function willFlags({ qos = 0, retain }: WillFields): number {
  return 0x04 | (qos << 3) | (retain ? 0x20 : 0);
}
