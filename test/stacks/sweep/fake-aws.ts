import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoTClient, type UpdateThingCommandInput } from '@aws-sdk/client-iot';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';

import type { Timing } from '../../../lib/stacks/sweep/tasks';

type Input = Record<string, string>;
interface Command {
  readonly input: object;
}

/** An exception as the SDK throws it. */
export function exception(name: string, $fault: 'client' | 'server' = 'client'): Error {
  return Object.assign(new Error(`${name} of the fake`), { name, $fault });
}

export const arnPrefix = 'arn:aws:iot:us-east-1:123456789012:cert/';

/**
 * The part of AWS IoT Core, its broker and CloudFormation that a sweep calls, with AWS's rules for deleting.
 *
 * Tests read and write its fields. Clients call it through the SDK's own commands and paginators.
 */
export class FakeAws {
  readonly things = new Set<string>();
  readonly policies = new Set<string>();
  /** Status by ARN. */
  readonly certificates = new Map<string, string>();
  /** `<thing> <attribute>` to the attribute's value. */
  readonly attributes = new Map<string, string>();
  /** `<policy> <target>` and `<thing> <principal>`. */
  readonly policyTargets = new Set<string>();
  readonly thingPrincipals = new Set<string>();
  readonly connections = new Set<string>();
  readonly retained = new Set<string>();
  /** What the fleet's stack holds: physical id by logical id. */
  readonly stack = new Map<string, string>();
  readonly deletedFromStack = new Set<string>();

  /** The operations that were called, in order, each with its input. */
  readonly calls: { operation: string; input: Input }[] = [];
  /** The most that is listed at once. */
  pageSize = 250;
  /** How many pauses a detachment takes. */
  detachTakes = 0;
  /** Milliseconds. Each pause takes three seconds. */
  time = 0;
  /** Decides which calls fail, and how. */
  fail: (operation: string, input: Input) => Error | undefined = () => undefined;

  private detaching: { from: Set<string>; pair: string; pauses: number }[] = [];

  readonly iot = this.client(new IoTClient({ region: 'us-east-1' }));
  readonly iotData = this.client(new IoTDataPlaneClient({ region: 'us-east-1' }));
  readonly cloudFormation = this.client(new CloudFormationClient({ region: 'us-east-1' }));

  /** How a sweep passes its time. @param signal - never aborted by default */
  timing(signal = new AbortController().signal): Timing {
    return { signal, now: () => this.time, pause: this.pause };
  }

  /** Lets time pass: what was asked for some while ago is done. */
  readonly pause = async (): Promise<void> => {
    this.time += 3_000;
    // A sweep that never ends would keep its test from ever failing.
    if (this.time > 3_600_000) throw new Error('The sweep goes on for more than an hour.');
    for (const job of this.detaching) job.pauses -= 1;
    for (const { from, pair, pauses } of this.detaching) if (pauses <= 0) from.delete(pair);
  };

  operations(): string[] {
    return this.calls.map(({ operation }) => operation);
  }

  deleteThing(name: string): void {
    if (this.of(this.thingPrincipals, name).length > 0) throw exception('InvalidRequestException');
    this.things.delete(name);
  }

  deletePolicy(name: string): void {
    if (this.of(this.policyTargets, name).length > 0) throw exception('DeleteConflictException');
    this.policies.delete(name);
  }

  /** Deletes it as CloudFormation does, which deactivates it first. */
  deleteCertificate(arn: string): void {
    this.setStatus(arn, 'INACTIVE');
    if ([...this.policyTargets, ...this.thingPrincipals].some((pair) => pair.endsWith(` ${arn}`))) {
      throw exception('DeleteConflictException');
    }
    this.certificates.delete(arn);
  }

  private client<C extends { send: unknown }>(client: C): C {
    return Object.assign(client, {
      send: async (command: Command, options?: { abortSignal?: AbortSignal }) => {
        options?.abortSignal?.throwIfAborted();
        const operation = command.constructor.name.replace(/Command$/, '');
        const input = command.input as Input;
        this.calls.push({ operation, input });
        const failure = this.fail(operation, input);
        if (failure) throw failure;
        return this.answer(operation, input);
      },
    });
  }

  private answer(operation: string, input: Input): object {
    switch (operation) {
      case 'ListTargetsForPolicy':
        this.mustExist(this.policies.has(input.policyName));
        return this.page('targets', this.of(this.policyTargets, input.policyName), input.marker, 'nextMarker');
      case 'ListAttachedPolicies': {
        this.mustExist(this.certificates.has(input.target));
        const policies = this.on(this.policyTargets, input.target).map((policyName) => ({ policyName }));
        return this.page('policies', policies, input.marker, 'nextMarker');
      }
      case 'ListThingPrincipals':
        this.mustExist(this.things.has(input.thingName));
        return this.page('principals', this.of(this.thingPrincipals, input.thingName), input.nextToken);
      case 'ListPrincipalThings':
        this.mustExist(this.certificates.has(input.principal));
        return this.page('things', this.on(this.thingPrincipals, input.principal), input.nextToken);
      case 'DetachPolicy':
        return this.detach(this.policyTargets, `${input.policyName} ${input.target}`);
      case 'DetachThingPrincipal':
        return this.detach(this.thingPrincipals, `${input.thingName} ${input.principal}`);
      case 'UpdateCertificate':
        this.mustExist(this.certificates.has(arnPrefix + input.certificateId));
        this.setStatus(arnPrefix + input.certificateId, input.newStatus);
        return {};
      case 'DescribeCertificate': {
        const status = this.certificates.get(arnPrefix + input.certificateId);
        this.mustExist(status !== undefined);
        return { certificateDescription: { status } };
      }
      case 'DescribeThing': {
        this.mustExist(this.things.has(input.thingName));
        const own = [...this.attributes].filter(([key]) => key.startsWith(`${input.thingName} `));
        return { attributes: Object.fromEntries(own.map(([key, value]) => [key.split(' ')[1], value])) };
      }
      case 'UpdateThing': {
        this.mustExist(this.things.has(input.thingName));
        const { attributes } = (input as unknown as UpdateThingCommandInput).attributePayload ?? {};
        for (const [name, value] of Object.entries(attributes ?? {})) {
          if (value === '') this.attributes.delete(`${input.thingName} ${name}`);
          else this.attributes.set(`${input.thingName} ${name}`, value);
        }
        return {};
      }
      case 'DeleteConnection':
        this.mustExist(this.connections.delete(input.clientId));
        return {};
      case 'GetRetainedMessage':
        this.mustExist(this.retained.has(input.topic));
        return {};
      case 'Publish':
        this.retained.delete(input.topic);
        return {};
      case 'ListStackResources': {
        const summaries = [...this.stack].map(([LogicalResourceId, PhysicalResourceId]) => ({
          LogicalResourceId,
          PhysicalResourceId,
          ResourceStatus: this.deletedFromStack.has(LogicalResourceId) ? 'DELETE_COMPLETE' : 'CREATE_COMPLETE',
        }));
        return this.page('StackResourceSummaries', summaries, input.NextToken, 'NextToken');
      }
      default:
        throw new Error(`The fake has no ${operation}.`);
    }
  }

  /** Revoking is final. */
  private setStatus(arn: string, status: string): void {
    const old = this.certificates.get(arn) ?? '';
    if (['REVOKED', 'PENDING_TRANSFER'].includes(old) && status !== old) throw exception('CertificateStateException');
    this.certificates.set(arn, status);
  }

  private detach(from: Set<string>, pair: string): object {
    if (this.detachTakes === 0) {
      from.delete(pair);
    } else if (!this.detaching.some((job) => job.from === from && job.pair === pair)) {
      this.detaching.push({ from, pair, pauses: this.detachTakes });
    }
    return {};
  }

  private of(pairs: Set<string>, left: string): string[] {
    return [...pairs].filter((pair) => pair.startsWith(`${left} `)).map((pair) => pair.slice(left.length + 1));
  }

  private on(pairs: Set<string>, right: string): string[] {
    return [...pairs].filter((pair) => pair.endsWith(` ${right}`)).map((pair) => pair.slice(0, -right.length - 1));
  }

  private page(key: string, items: unknown[], from = '0', next = 'nextToken'): object {
    const end = Number(from) + this.pageSize;
    return { [key]: items.slice(Number(from), end), [next]: end < items.length ? String(end) : undefined };
  }

  private mustExist(exists: boolean): void {
    if (!exists) throw exception('ResourceNotFoundException');
  }
}
