import { createPrivateKey } from 'node:crypto';
import { type EventEmitter, once } from 'node:events';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { newCertificateRequest } from '../../lib/devices/certificate-request';
import { LocalIotCore, type LocalIotCoreOptions } from '../../lib/iot-core-local/local-iot-core';
import type { LogEntry } from '../../lib/iot-core-local/log';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';
import type { Certificate } from '../../lib/iot-core-local/registry/registry';
import { newPrivateKey } from '../../lib/util/private-key';
import { RawClient, type RawClientOptions, type Version } from './raw-client';
import type { Credentials } from './secure-context';

/** What a device may do: an action and the resource's ARN from its kind on, as in `iot:Publish topic/cars/data`. */
type Right = `iot:${string} ${string}/${string}`;

/** A device that IoT Core Local knows. */
export interface TestDevice {
  readonly thingName: string;
  readonly credentials: Credentials;
  readonly certificate: Certificate;
}

const everything = ['client', 'topic', 'topicfilter'].map((kind): Right => `iot:* ${kind}/*`);

/**
 * An IoT Core Local on a port of its own, for the tests of one file. {@link stop} closes the clients that were opened by it, too.
 */
export class IotCoreFixture {
  static async start(options: LocalIotCoreOptions = {}): Promise<IotCoreFixture> {
    const certificateAuthority = options.certificateAuthority ?? (await CertificateAuthority.create());
    const log: LogEntry[] = [];
    const iotCore = await LocalIotCore.start({
      port: 0,
      certificateAuthority,
      log: (entry) => log.push(entry),
      ...options,
    });
    return new IotCoreFixture(iotCore, certificateAuthority, log);
  }

  private readonly opened: { destroy(): void }[] = [];

  private constructor(
    readonly iotCore: LocalIotCore,
    readonly certificateAuthority: CertificateAuthority,
    readonly log: readonly LogEntry[],
  ) {}

  get registry() {
    return this.iotCore.registry;
  }

  /** All that was logged, a line each. */
  get logText(): string {
    return this.log.map(({ level, message }) => `${level} ${message}\n`).join('');
  }

  /** Registers a thing with an ACTIVE certificate and a policy of these rights. @param rights - by default every right */
  async device(thingName: string, rights: readonly Right[] = everything): Promise<TestDevice> {
    const { registry } = this;
    const { key, certificatePem } = await issue(this.certificateAuthority, thingName);
    const certificate = registry.registerCertificate(certificatePem, 'ACTIVE');
    registry.createThing(thingName);
    registry.createPolicy(thingName, policyOf(rights));
    registry.attachPolicy(thingName, certificate.certificateArn);
    registry.attachThingPrincipal(thingName, certificate.certificateArn);
    return { thingName, certificate, credentials: { key, certificate: certificatePem } };
  }

  /** A raw connection, before its CONNECT. */
  async open(
    credentials: Credentials | undefined,
    version: Version,
    tls?: RawClientOptions['tls'],
  ): Promise<RawClient> {
    const { port, rootCaPem } = this.iotCore;
    const client = await RawClient.open({ port, rootCaPem, credentials, version, tls });
    this.opened.push(client);
    return client;
  }

  /** An MQTT.js client that is connected and does not reconnect. @throws what MQTT.js throws when it is refused */
  async connect(
    { thingName, credentials }: TestDevice,
    version: Version,
    options: IClientOptions = {},
  ): Promise<MqttClient> {
    const { port, rootCaPem } = this.iotCore;
    const { key, certificate: cert } = credentials;
    const fixed = { protocolVersion: version, ca: rootCaPem, key, cert, clientId: thingName, reconnectPeriod: 0 };
    const client = await connectAsync(`mqtts://127.0.0.1:${port}`, { ...fixed, ...options }, false);
    this.opened.push({ destroy: () => client.end(true) });
    return client;
  }

  /** Has all clients that were opened go without a word. */
  closeClients(): void {
    for (const client of this.opened.splice(0)) client.destroy();
  }

  async stop(): Promise<void> {
    this.closeClients();
    await this.iotCore.stop();
  }
}

/** A policy that allows these rights, in IoT Core Local's own account and Region. */
export function policyOf(rights: readonly Right[]) {
  const statements = rights.map((right) => {
    const [Action, resource] = right.split(' ');
    return { Effect: 'Allow', Action, Resource: `arn:aws:iot:us-east-1:123456789012:${resource}` };
  });
  return { Version: '2012-10-17', Statement: statements };
}

/** A new key, and a certificate for it. */
export async function issue(authority: CertificateAuthority, commonName: string) {
  const key = newPrivateKey();
  const certificatePem = await authority.sign(await newCertificateRequest(createPrivateKey(key), commonName));
  return { key, certificatePem };
}

/** `once` of node:events for an MQTT.js client, which is an EventEmitter that its type hides. */
export function event(client: MqttClient, name: 'close' | 'message') {
  return once(client as unknown as EventEmitter, name);
}
