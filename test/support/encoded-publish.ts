import type { MessageProperties, ProtocolVersion } from '../../lib/iot-core-local/mqtt/packets';
import { publishHead } from '../../lib/iot-core-local/mqtt/publish-head';

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
  const { topic, payload, properties } = message;
  const { bytes, packetIdOffset } = publishHead(topic, payload.length, properties, version, qos, retain);
  return { frame: Buffer.concat([bytes, payload]), packetIdOffset };
}
