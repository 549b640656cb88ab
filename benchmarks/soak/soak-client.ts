import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext, connect as tlsConnect } from 'node:tls';
import { type IClientOptions, MqttClient } from 'mqtt';
import type { DeviceFolder } from '../../lib/devices/device-folder';

/** A device of the soak, and how it connects. */
export interface SoakDevice {
  readonly port: number;
  readonly clientId: string;
  readonly credentials: SecureContext;
  readonly version: 4 | 5;
  /** Whether its session outlives its connection. */
  readonly isPersistent: boolean;
}

/** The credentials in a device's folder, read once for all its connections. */
export function credentialsIn({ keyFile, certificateFile, rootCaFile }: DeviceFolder): SecureContext {
  const [key, cert, ca] = [keyFile, certificateFile, rootCaFile].map((file) => readFileSync(file));
  return createSecureContext({ key, cert, ca });
}

/** Seconds that a persistent session outlives its connection: AWS's maximum. */
const sessionExpiryInterval = 3600;

/**
 * Opens a connection, which is not restored when it ends.
 *
 * @param onMessage - set before the connection opens, because a session that is resumed sends at once
 * @throws Error when IoT Core Local does not accept it
 */
export async function openClient(
  device: SoakDevice,
  onMessage: (message: string) => void = () => {},
): Promise<MqttClient> {
  const { port, clientId, credentials: secureContext, version: protocolVersion, isPersistent } = device;
  const options: IClientOptions = { clientId, protocolVersion, clean: !isPersistent, reconnectPeriod: 0 };
  if (protocolVersion === 5 && isPersistent) options.properties = { sessionExpiryInterval };
  const client = new MqttClient(
    () => tlsConnect({ host: '127.0.0.1', servername: 'localhost', port, secureContext }),
    options,
  );
  client.on('message', (_topic, payload) => onMessage(payload.toString()));
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error(`The connection of ${clientId} was closed before it was accepted.`)));
  });
  client.on('error', () => {});
  return client;
}

/** Ends a connection without a DISCONNECT. */
export function kill(client: MqttClient): void {
  client.stream.destroy();
  client.end(true);
}
