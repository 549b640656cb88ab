import { connect, type TLSSocket } from 'node:tls';
import { packet, properties, sized, uint16 } from '../mqtt-bytes';

/** What a client needs to connect as a device: the client id, and keys and certificates in PEM. */
export interface Identity {
  readonly clientId: string;
  readonly key: string;
  readonly certificate: string;
  readonly rootCa: string;
}

/** CONNECT of MQTT 5: clean start, keep-alive 1200 s. It leaves the number of unacknowledged messages to the broker. */
export function connectPacket(clientId: string): Buffer {
  return packet(0x10, sized('MQTT'), 5, 0x02, uint16(1200), properties(), sized(clientId));
}

/** SUBSCRIBE of MQTT 5 with one filter. */
export function subscribePacket(topicFilter: string, qos: 0 | 1): Buffer {
  return packet(0x82, uint16(1), properties(), sized(topicFilter), qos);
}

/** The properties of {@link publishPacket}: a content type, and a user property. */
const messageProperties = [
  [0x03, ...sized('application/json')],
  [0x26, ...sized('unit'), ...sized('km/h')],
];

/** PUBLISH of MQTT 5, with two properties or with none. `packetIdAt` is the offset of its packet id, if it has one. */
export function publishPacket(
  topic: string,
  payload: Buffer,
  { qos, withProperties }: { readonly qos: 0 | 1; readonly withProperties: boolean },
): { bytes: Buffer; packetIdAt: number } {
  const packetId = qos === 1 ? uint16(0) : [];
  const fields = withProperties ? properties(...messageProperties) : properties();
  const bytes = packet(0x30 | (qos << 1), sized(topic), packetId, fields, [...payload]);
  return { bytes, packetIdAt: bytes.length - payload.length - fields.length - packetId.length };
}

/** Opens a TLS connection as a device. */
export function openSocket(port: number, { key, certificate, rootCa }: Identity): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', servername: 'localhost', port, key, cert: certificate, ca: rootCa },
      () => {
        socket.setNoDelay(true);
        socket.off('error', reject);
        resolve(socket);
      },
    );
    socket.once('error', reject);
  });
}

/**
 * Sends a request and waits for its answer, before which no other packet may come.
 *
 * @param answerType - the first byte of the answer
 * @throws Error when another packet comes, the request is refused, or the connection is closed
 */
export function exchange(socket: TLSSocket, request: Buffer, answerType: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('data', (answer: Buffer) => {
      const accepted = answer[0] === answerType && !(answerType === 0x20 && answer[3] !== 0);
      if (accepted) resolve();
      else reject(new Error(`The broker answered ${answer.subarray(0, 8).toString('hex')}.`));
    });
    socket.once('close', () => reject(new Error('The broker closed the connection.')));
    socket.write(request);
  });
}

/** The answers that accept CONNECT, and SUBSCRIBE with one filter. */
export const exchangeAnswers = {
  connack: packet(0x20, 0, 0, properties()),
  suback: packet(0x90, uint16(1), properties(), 0),
};
