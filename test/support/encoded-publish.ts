import type { ProtocolVersion } from '../../lib/iot-core-local/mqtt/packets';
import { publishHead } from '../../lib/iot-core-local/mqtt/publish-head';
import { bodyWith, frameOf, type MessageProperties } from './message-properties';

interface PublishOptions {
  readonly version: ProtocolVersion;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** A whole PUBLISH in a buffer of its own, as a receiver gets it but for the packet id. */
export function encodePublish(
  message: { readonly topic: string; readonly payload: Buffer; readonly properties?: MessageProperties },
  { version, qos, retain }: PublishOptions,
): { readonly frame: Buffer; readonly packetIdOffset: number } {
  const body = bodyWith(message.properties, message.payload);
  const head = publishHead(message.topic, body, version, qos, retain);
  return { frame: frameOf(head, body), packetIdOffset: head.packetIdOffset };
}
