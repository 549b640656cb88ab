import { createPrivateKey } from 'node:crypto';
import { newCertificateRequest } from '../../../lib/devices/certificate-request';
import { CloudFormation } from '../../../lib/iot-core-local/cloudformation/cloudformation';
import { Lambda } from '../../../lib/iot-core-local/cloudformation/lambda/lambda';
import type { Stack } from '../../../lib/iot-core-local/cloudformation/stack/stack';
import { Iam } from '../../../lib/iot-core-local/iam/iam';
import { defaultLocation } from '../../../lib/iot-core-local/registry/arns';
import { CertificateAuthority } from '../../../lib/iot-core-local/registry/certificate-authority';
import { Registry } from '../../../lib/iot-core-local/registry/registry';
import { newPrivateKey } from '../../../lib/util/private-key';

/** Resources of a template, by logical id. */
export type Resources = Record<string, { Type: string; Properties?: object; [attribute: string]: unknown }>;

/** The methods of the registry that change it. */
const mutations = [
  'createThing',
  'updateThing',
  'deleteThing',
  'registerCertificate',
  'updateCertificate',
  'deleteCertificate',
  'createPolicy',
  'createPolicyVersion',
  'deletePolicy',
  'deletePolicyVersion',
  'attachPolicy',
  'detachPolicy',
  'attachThingPrincipal',
  'detachThingPrincipal',
] as const;

/** An account of its own: a registry, CloudFormation, and nothing else. */
export class Cloud {
  static async open(): Promise<Cloud> {
    return new Cloud(await CertificateAuthority.create());
  }

  readonly registry = new Registry(defaultLocation);
  readonly iam = new Iam({ location: defaultLocation, log: () => {} });
  readonly lambda = new Lambda({ location: defaultLocation, iam: this.iam, log: () => {}, apiUrl: () => undefined });
  readonly cloudFormation: CloudFormation;
  /** The calls that change the registry, in their order. */
  readonly calls: string[] = [];

  constructor(readonly certificateAuthority: CertificateAuthority) {
    const { registry, lambda, iam } = this;
    const services = { registry, certificateAuthority, lambda, iam, location: defaultLocation };
    this.cloudFormation = new CloudFormation({ ...services, clock: Date.now });
    for (const name of mutations) {
      const original = registry[name].bind(registry) as (...args: unknown[]) => unknown;
      jest.spyOn(registry, name).mockImplementation((...args: unknown[]) => {
        this.calls.push(name);
        return original(...args) as never;
      });
    }
  }

  /**
   * Creates or updates a stack.
   *
   * @returns the stack, and why it failed
   */
  async deploy(
    template: { Resources: Resources; [section: string]: unknown },
    { name = 'Fleet', parameters = {} }: { name?: string; parameters?: Record<string, string> } = {},
  ): Promise<{ stack: Stack; failures: string[] }> {
    const type = this.cloudFormation.find(name) ? 'UPDATE' : 'CREATE';
    const { stack, done } = this.cloudFormation.deploy(name, type, {
      template: { source: template, body: JSON.stringify(template) },
      parameters: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value })),
      tags: new Map(),
      capabilities: [],
    });
    return { stack, failures: ((await done) ?? []).map(({ message }) => message) };
  }

  /** @returns why the stack could not be deleted */
  async destroy(name = 'Fleet', retained: readonly string[] = []): Promise<string[]> {
    const failures = await this.cloudFormation.deleteStack(this.cloudFormation.get(name), retained);
    return failures.map(({ message }) => message);
  }

  /** The numbers of things, certificates and policies. */
  census(): number[] {
    const { registry } = this;
    return [registry.listThings().length, registry.listCertificates().length, registry.listPolicies().length];
  }
}

/** A certificate request of a new key. */
export function newCsr(): Promise<string> {
  return newCertificateRequest(createPrivateKey(newPrivateKey()), 'car1');
}

/** The events of a stack, the oldest first: `Thing CREATE_COMPLETE`. */
export function eventsOf(stack: Stack): string[] {
  return [...stack.events.list()].reverse().map(({ logicalId, status }) => `${logicalId} ${status}`);
}
