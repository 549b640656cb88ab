import { properties, sized, uint16 } from '../../benchmarks/mqtt-bytes';
import { ByteReader } from '../../lib/iot-core-local/mqtt/byte-reader';
import { dataViewOf } from '../../lib/iot-core-local/mqtt/copy-bytes';
import { readMessageProperties } from '../../lib/iot-core-local/mqtt/message-properties';
import { PropertyId } from '../../lib/iot-core-local/mqtt/property-id';
import type { PublishBody } from '../../lib/iot-core-local/mqtt/publish-body';
import type { PublishHead } from '../../lib/iot-core-local/mqtt/publish-head';

/** The properties of a message, as a test writes and compares them. */
export interface MessageProperties {
  readonly payloadFormatIndicator?: number;
  readonly messageExpiryInterval?: number;
  readonly contentType?: string;
  readonly responseTopic?: string;
  readonly correlationData?: Buffer;
  readonly userProperties?: readonly (readonly [name: string, value: string])[];
}

/** The body of a PUBLISH that came with these properties, in this order. */
export function bodyWith(own: MessageProperties | undefined, payload: Buffer | string): PublishBody {
  const bytes = Buffer.concat([Buffer.from(encoded(own ?? {})), Buffer.from(payload)]);
  const reader = readerOf(bytes);
  return readMessageProperties(reader, 'PUBLISH').bodyOfRest(reader);
}

/** The properties of a body, decoded by code of the tests; undefined if it has none. */
export function propertiesOf(body: PublishBody): MessageProperties | undefined {
  const bytes = body.bytes.subarray(0, body.propertiesLength);
  return bytes.length === 0 ? undefined : decoded(bytes);
}

/** A whole PUBLISH, as a receiver gets it but for the packet id. */
export function frameOf(head: PublishHead, body: PublishBody): Buffer {
  const frame = Buffer.alloc(head.length + head.bodyLength);
  head.bytes.copy(frame);
  body.copyTo(frame, dataViewOf(frame), head.length, head.bodyLength);
  return frame;
}

function encoded(own: MessageProperties): number[] {
  const { payloadFormatIndicator, messageExpiryInterval, contentType, responseTopic, correlationData } = own;
  const property = <T>(id: number, value: T | undefined, bytes: (value: T) => readonly number[]) =>
    value === undefined ? [] : [id, ...bytes(value)];
  return properties(
    property(PropertyId.PayloadFormatIndicator, payloadFormatIndicator, (bit) => [bit]),
    property(PropertyId.MessageExpiryInterval, messageExpiryInterval, uint32),
    property(PropertyId.ContentType, contentType, sized),
    property(PropertyId.ResponseTopic, responseTopic, sized),
    property(PropertyId.CorrelationData, correlationData, (data) => sized([...data])),
    ...(own.userProperties ?? []).map(([name, value]) => [PropertyId.UserProperty, ...sized(name), ...sized(value)]),
  );
}

function uint32(value: number): number[] {
  return [...uint16(value >>> 16), ...uint16(value & 0xffff)];
}

function decoded(bytes: Buffer): MessageProperties {
  const reader = readerOf(bytes);
  const own: Record<string, unknown> = {};
  const userProperties: [string, string][] = [];
  while (reader.position < reader.end) {
    const id = reader.byte('identifier');
    if (id === PropertyId.PayloadFormatIndicator) own.payloadFormatIndicator = reader.byte('value');
    else if (id === PropertyId.MessageExpiryInterval) own.messageExpiryInterval = reader.uint32('value');
    else if (id === PropertyId.ContentType) own.contentType = reader.string('value');
    else if (id === PropertyId.ResponseTopic) own.responseTopic = reader.string('value');
    else if (id === PropertyId.CorrelationData) own.correlationData = reader.binary('value');
    else if (id === PropertyId.UserProperty) userProperties.push([reader.string('name'), reader.string('value')]);
    else throw new Error(`The body has the property ${id}, which is not for receivers.`);
  }
  return { ...own, ...(userProperties.length > 0 && { userProperties }) };
}

function readerOf(bytes: Buffer): ByteReader {
  const reader = new ByteReader();
  reader.moveTo(bytes, 0, bytes.length);
  return reader;
}
