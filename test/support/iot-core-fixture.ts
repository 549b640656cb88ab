import { createPrivateKey } from 'node:crypto';
import { type EventEmitter, once } from 'node:events';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { newCertificateRequest } from '../../lib/devices/certificate-request';
import { LocalIotCore, type LocalIotCoreOptions } from '../../lib/iot-core-local/local-iot-core';
import type { LogEntry } from '../../lib/iot-core-local/log';
import { noLogLimits } from '../../lib/iot-core-local/log-limiter';
import type { Certificate } from '../../lib/iot-core-local/registry/certificate';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';
import { newPrivateKey } from '../../lib/util/private-key';
import { RawClient, type RawClientOptions, type Version } from './raw-client';
import type { Credentials } from './secure-context';

/** An action that a device may do, and the end of the resource's ARN from its kind on: `iot:Publish topic/cars/data`. */
export type Right = `iot:${string} ${string}/${string}`;

/** A device in the registry of IoT Core Local. */
export interface TestDevice {
  readonly thingName: string;
  readonly credentials: Credentials;
  readonly certificate: Certificate;
}

const everything = ['client', 'topic', 'topicfilter'].map((kind): Right => `iot:* ${kind}/*`);

/**
 * IoT Core Local on a port of its own, with what tests need around it: devices, clients, and its log.
 *
 * {@link useIotCore} starts and stops one for the tests of a file. {@link stop} closes the clients that it opened, too.
 */
export class IotCoreFixture {
  static async start(options: LocalIotCoreOptions = {}): Promise<IotCoreFixture> {
    const fixture = new IotCoreFixture(options);
    await fixture.start();
    return fixture;
  }

  private running?: { readonly iotCore: LocalIotCore; readonly authority: CertificateAuthority };
  private entries: LogEntry[] = [];
  private readonly opened: { destroy(): void }[] = [];

  /** @param options - what IoT Core Local is started with */
  constructor(private readonly options: LocalIotCoreOptions = {}) {}

  /** Starts IoT Core Local, with an empty registry and an empty log. */
  async start(): Promise<void> {
    const entries: LogEntry[] = [];
    const authority = this.options.certificateAuthority ?? (await CertificateAuthority.create());
    const iotCore = await LocalIotCore.start({
      port: 0,
      certificateAuthority: authority,
      log: (entry) => entries.push(entry),
      // Tests are so fast that their lines would be summed up.
      logLimits: noLogLimits,
      ...this.options,
    });
    this.running = { iotCore, authority };
    this.entries = entries;
  }

  /** @throws Error before {@link start}, as in a file's top-level code */
  get iotCore(): LocalIotCore {
    if (!this.running) throw notStarted();
    return this.running.iotCore;
  }

  get registry() {
    return this.iotCore.registry;
  }

  /** What was logged since the last start. It stays readable after a stop. */
  get log(): readonly LogEntry[] {
    return this.entries;
  }

  /** All that was logged, a line each. */
  get logText(): string {
    return this.log.map(({ level, message }) => `${level} ${message}\n`).join('');
  }

  get certificateAuthority(): CertificateAuthority {
    if (!this.running) throw notStarted();
    return this.running.authority;
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

  /** An MQTT.js client that is connected and does not reconnect. @throws MQTT.js's error when IoT Core Local refuses it */
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

  /** How many clients are opened. */
  get clientCount(): number {
    return this.opened.length;
  }

  /** Closes the connections of the clients that were opened, without a DISCONNECT. @param first - how many of the first stay open */
  closeClients(first = 0): void {
    for (const client of this.opened.splice(first)) client.destroy();
  }

  /** Stops IoT Core Local, if it was started. */
  async stop(): Promise<void> {
    this.closeClients();
    await this.running?.iotCore.stop();
  }
}

function notStarted(): Error {
  return new Error('IoT Core Local is not started yet: use it in a test or a hook.');
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

/** `once` of node:events for an MQTT.js client: it is an EventEmitter, but its type does not say so. */
export function event(client: MqttClient, name: 'close' | 'message') {
  return once(client as unknown as EventEmitter, name);
}
