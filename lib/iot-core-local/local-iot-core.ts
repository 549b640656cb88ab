import type { ControlPlane } from './api/control-plane';
import { MessageBroker } from './broker/message-broker';
import { defaultGroupLimits } from './broker/shared-subscription';
import { type Clocks, systemClocks } from './clocks';
import { CloudFormation } from './cloudformation/cloudformation';
import { Lambda } from './cloudformation/lambda/lambda';
import type { CustomResourceMode } from './cloudformation/resource-types/custom-resource-mode';
import { TemplateError } from './cloudformation/template/template-error';
import { DeviceGateway } from './gateway/device-gateway';
import { Iam } from './iam/iam';
import { IdentityPolicy } from './iam/identity-policy';
import { type Log, printableLog } from './log';
import { LogLimiter, type LogLimits } from './log-limiter';
import { quotas } from './quotas';
import { defaultLocation, type Location } from './registry/arns';
import { Authorizer } from './registry/authorizer';
import { type Certificate, certificateIdFrom } from './registry/certificate';
import { CertificateAuthority } from './registry/certificate-authority';
import { Registry } from './registry/registry';

export interface LocalIotCoreOptions {
  /** @default 8883; 0 for one that is free */
  readonly port?: number;
  /** The port of the AWS IoT API; 0 for a free port. @default - the API is not served */
  readonly apiPort?: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** @default - one that ends with the process */
  readonly certificateAuthority?: CertificateAuthority;
  /** @default - nothing is logged */
  readonly log?: Log;
  /** What the log grows by in a second. @default 300 lines, 100 of them about one client */
  readonly logLimits?: LogLimits;
  /** The partition, Region and account of its ARNs. */
  readonly location?: Location;
  /** A number from 0 to below 1; picks a group's next receiver. @default Math.random */
  readonly random?: () => number;
  /** @default - this machine's clocks */
  readonly clocks?: Clocks;
  /** Milliseconds for a TLS handshake. @default 30,000 */
  readonly handshakeTimeout?: number;
  /** Whether AWS's quotas by rate are enforced: publishes a second on a connection, CONNECTs a second of a client id. @default - the log tells what AWS would do */
  readonly strict?: boolean;
  /** Whether a policy with something that IoT Core Local does not know is taken, and what is unknown denies. @default - it is refused */
  readonly lenient?: boolean;
  /** The document of an identity policy that decides what the user of the API may call. @default - an administrator's rights */
  readonly userPolicy?: unknown;
  /**
   * Whether the endpoint has an RSA certificate beside its ECDSA certificate, as AWS's has. Clients without ECDSA need it.
   *
   * @default false, as the first RSA key takes half a second to make
   */
  readonly rsaEndpoint?: boolean;
  /** @default 'required' - custom resources run as on AWS */
  readonly customResources?: CustomResourceMode;
}

interface Services {
  readonly registry: Registry;
  readonly certificateAuthority: CertificateAuthority;
  readonly gateway: DeviceGateway;
  readonly controlPlane?: ControlPlane;
  readonly lambda: Lambda;
  readonly iam: Iam;
  readonly limiter: LogLimiter;
  readonly cloudFormation: CloudFormation;
}

/**
 * AWS IoT Core on this machine, as far as shared subscriptions need it: registry, policies and message broker.
 *
 * It deploys synthesized CloudFormation templates and then serves MQTT 3.1.1 and 5 over mutual TLS to the devices in them, and its API to
 * the AWS SDK.
 */
export class LocalIotCore {
  /** @throws PortError when a port cannot be opened; IamError when the user policy is not valid, before any port is opened */
  static async start(options: LocalIotCoreOptions = {}): Promise<LocalIotCore> {
    const { host = '127.0.0.1', port = 8883, apiPort, location = defaultLocation } = options;
    const {
      clocks = systemClocks,
      random = Math.random,
      handshakeTimeout,
      strict: isStrict = false,
      customResources,
    } = options;
    // Refused before anything is started.
    const userPolicy = options.userPolicy === undefined ? undefined : IdentityPolicy.parse(options.userPolicy);
    const limiter = new LogLimiter(printableLog(options.log ?? (() => {})), clocks.monotonic, options.logLimits);
    const { log } = limiter;
    const certificateAuthority = options.certificateAuthority ?? (await CertificateAuthority.create(clocks.wall));
    const warn = (message: string) => log({ level: 'warn', message });
    const registry = new Registry(location, { isLenient: options.lenient, warn, wallClock: clocks.wall });
    const groupLimits = { ...defaultGroupLimits, retention: quotas.sessionExpiry * 1000 };
    const broker = new MessageBroker({ clocks, random, log, groupLimits });
    const authorizer = new Authorizer(registry);
    const kinds = options.rsaEndpoint ? (['ecdsa', 'rsa'] as const) : (['ecdsa'] as const);
    const endpoint = await Promise.all(
      kinds.map((kind) => certificateAuthority.endpointCertificate([host, 'localhost'], kind)),
    );
    const gateway = await DeviceGateway.start(
      { host, port, endpoint, handshakeTimeout },
      { broker, registry, authorizer, clocks, log, isStrict },
    );
    // AWS's answer has no port, as it is always this one.
    const endpointAddress = gateway.port === 8883 ? host : `${host}:${gateway.port}`;
    let controlPlane: ControlPlane | undefined;
    const iam = new Iam({ location, log, userPolicy });
    const lambda = new Lambda({ location, log, iam, apiUrl: () => controlPlane?.url });
    const cloudFormation = new CloudFormation({
      registry,
      certificateAuthority,
      lambda,
      iam,
      location,
      clock: clocks.wall,
      customResources,
    });
    const services = { registry, certificateAuthority, gateway, lambda, iam, cloudFormation, limiter };
    if (apiPort === undefined) return new LocalIotCore(host, services);
    try {
      // Loaded only when it is served: npm start does without it.
      const api: typeof import('./api/control-plane') = require('./api/control-plane');
      controlPlane = await api.ControlPlane.start(
        { host, port: apiPort },
        {
          ...services,
          presence: gateway.presence,
          broker,
          authorizer,
          clocks,
          log,
          endpointAddress,
          mqttPort: gateway.port,
        },
      );
      return new LocalIotCore(host, { ...services, controlPlane });
    } catch (error) {
      await gateway.stop();
      throw error;
    }
  }

  private constructor(
    readonly host: string,
    private readonly services: Services,
  ) {}

  get registry(): Registry {
    return this.services.registry;
  }

  /** Its roles, and what it decides about calls. */
  get iam(): Iam {
    return this.services.iam;
  }

  get port(): number {
    return this.services.gateway.port;
  }

  /** The AWS IoT API, where it is served. */
  get controlPlane(): ControlPlane | undefined {
    return this.services.controlPlane;
  }

  /** What `AWS_ENDPOINT_URL` is to be set to for the AWS SDK, where the API is served. */
  get apiUrl(): string | undefined {
    return this.controlPlane?.url;
  }

  /** PEM of the root that the endpoint's certificate is checked against. */
  get rootCaPem(): string {
    return this.services.certificateAuthority.rootPem;
  }

  /**
   * Creates or updates a stack: a template's AWS IoT resources, and its custom resources if their functions' code is in it.
   *
   * @param parameters - values of the template's parameters, by name
   * @returns the logical ids of its other resources, which are ignored
   * @throws TemplateError naming the resource that failed; then none is created, or the stack is what it was before
   */
  async deploy(
    template: unknown,
    stackName = 'local',
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<readonly string[]> {
    const { cloudFormation } = this.services;
    const existing = cloudFormation.find(stackName);
    const { stack, done } = cloudFormation.deploy(stackName, existing ? 'UPDATE' : 'CREATE', {
      template: { source: template, body: JSON.stringify(template) ?? '' },
      parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
      tags: new Map(),
      capabilities: ['CAPABILITY_NAMED_IAM'],
    });
    const failures = (await done) ?? [];
    if (failures.length === 0) return stack.ignoredResources.map(({ logicalId }) => logicalId);
    // A stack that was rolled back has no resources, and its name is free again.
    if (stack.status === 'ROLLBACK_COMPLETE') await cloudFormation.deleteStack(stack);
    throw new TemplateError(failures.map(({ message }) => message).join(' '), { cause: failures[0] });
  }

  /**
   * Deletes a stack, or all of them in the reverse order of their creation. One that is not there is deleted already.
   *
   * @throws AggregateError of a TemplateError for each resource that could not be deleted; calling it again goes on
   */
  async destroy(stackName?: string): Promise<void> {
    const { cloudFormation } = this.services;
    const stacks = stackName === undefined ? cloudFormation.list().reverse() : [cloudFormation.find(stackName)];
    for (const stack of stacks) {
      const failures = stack ? await cloudFormation.deleteStack(stack) : [];
      if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join(' '));
    }
  }

  /** The resources of all stacks that are ignored, by logical id and type. */
  get ignoredResources(): { readonly logicalId: string; readonly type: string }[] {
    return this.services.cloudFormation.list().flatMap(({ ignoredResources }) => ignoredResources);
  }

  /** The certificates that are attached to a thing; none where there is no such thing. */
  certificatesOf(thingName: string): Certificate[] {
    const { registry } = this;
    if (!registry.hasThing(thingName)) return [];
    return registry
      .listThingPrincipals(thingName)
      .map(({ principal }) => registry.describeCertificate(certificateIdFrom(principal)));
  }

  /** Closes all connections, and the ports. */
  async stop(): Promise<void> {
    const { controlPlane, gateway, lambda, limiter } = this.services;
    lambda.stop();
    await Promise.all([controlPlane?.stop(), gateway.stop()]);
    limiter.flush();
  }
}
