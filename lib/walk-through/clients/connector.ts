import type { SecureContext } from 'node:tls';
import type { DeviceFolder } from '../../devices/device-folder';
import type { Endpoint } from '../../devices/endpoint';
import type { Device } from '../../fleet/fleet';
import { readIfThere } from '../../util/atomic-file';
import { type ConnectOptions, DeviceClient } from './device-client';
import { forgedCredentials } from './forged-credentials';
import { type Clock, Pacer } from './pacer';
import { secureContext } from './secure-socket';
import { WorkingClient, type WorkOptions } from './working-client';

export interface ConnectorProps {
  readonly endpoint: Endpoint;
  readonly mqtt: 3 | 5;
  /** Each device's folder, by thing name. */
  readonly folders: ReadonlyMap<string, DeviceFolder>;
  /** Milliseconds to wait for an answer from the server. */
  readonly answerTimeout: number;
  /** Milliseconds between two CONNECTs with one client id. */
  readonly interval: number;
  readonly clock: Clock;
}

/** How a device connects, and what its connection reports besides the answers to its requests. */
export type ClientOptions = Pick<ConnectOptions, 'onMessage' | 'onLost' | 'session'>;

/** Connects a fleet's devices, each with the key and certificate of its own folder, no faster than the target allows. */
export class Connector {
  private readonly pacer: Pacer;
  private readonly contexts = new Map<Device, SecureContext>();

  constructor(private readonly props: ConnectorProps) {
    this.pacer = new Pacer(props.interval, props.clock);
  }

  /**
   * Connects a device under its own client id, or under another.
   *
   * @throws RequestError if the server does not accept it; Error if its files are missing
   */
  async connect(device: Device, clientId = device.clientId, options: ClientOptions = {}): Promise<DeviceClient> {
    return this.open(this.contextOf(device), clientId, options);
  }

  /** Connects with a device's client id and a certificate from an unknown certificate authority. */
  async forge(victim: Device): Promise<DeviceClient> {
    const rootCa = readPem(this.folderOf(victim).rootCaFile);
    return this.open(secureContext(await forgedCredentials(victim.clientId, rootCa)), victim.clientId);
  }

  /** Connects a subscriber that acknowledges each message when its work for it is done. */
  async connectWorker(device: Device, work: WorkOptions): Promise<WorkingClient> {
    const { endpoint, mqtt, answerTimeout } = this.props;
    const { clientId } = device;
    const credentials = this.contextOf(device);
    await this.pacer.turn(clientId);
    return WorkingClient.connect({ endpoint, mqtt, answerTimeout, clientId, credentials, ...work });
  }

  private async open(credentials: SecureContext, clientId: string, options: ClientOptions = {}): Promise<DeviceClient> {
    const { endpoint, mqtt, answerTimeout } = this.props;
    await this.pacer.turn(clientId);
    return DeviceClient.connect({ endpoint, mqtt, answerTimeout, clientId, credentials, ...options });
  }

  private contextOf(device: Device): SecureContext {
    let context = this.contexts.get(device);
    if (!context) {
      const { keyFile, certificateFile, rootCaFile } = this.folderOf(device);
      context = secureContext({
        key: readPem(keyFile),
        certificate: readPem(certificateFile),
        rootCa: readPem(rootCaFile),
      });
      this.contexts.set(device, context);
    }
    return context;
  }

  private folderOf({ thingName }: Device): DeviceFolder {
    const folder = this.props.folders.get(thingName);
    if (!folder) throw new Error(`"${thingName}" has no folder.`);
    return folder;
  }
}

function readPem(file: string): string {
  const pem = readIfThere(file);
  if (pem === undefined) {
    throw new Error(`${file} is missing. npm run certs puts the certificates of a deployed fleet in place.`);
  }
  return pem;
}
