import { iotArn } from './arns';
import type { BoundStatement, IotAction, PolicyVariables } from './policy-document';
import type { Registry, Thing } from './registry';

/** Who is connected: a certificate's holder, under a client id, having asked for what `connectAttributes` names. */
export interface Principal {
  readonly certificateArn: string;
  readonly clientId: string;
  readonly connectAttributes?: readonly ('PersistentConnect' | 'LastWill')[];
}

/** An answer and its reason: a sentence without its full stop, for the log. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/**
 * Decides as AWS IoT Core does whether a principal may do an action on a resource: by the default versions of the policies that are
 * attached to its certificate, an explicit Deny before any Allow, and nothing without an Allow.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
 */
export class Authorizer {
  constructor(private readonly registry: Registry) {}

  /** @param name what follows the kind in the resource's ARN, for example `cars/data` for a topic */
  authorize(principal: Principal, action: IotAction, name: string): Decision {
    const resource = iotArn(this.registry.location, resourceKinds[action], name);
    const statements = this.statementsOf(principal).filter(({ statement }) => statement.matches(action, resource));
    const deciding =
      statements.find(({ statement }) => statement.effect === 'Deny') ??
      statements.find(({ statement }) => statement.effect === 'Allow');
    if (!deciding) return { allowed: false, reason: this.whyNot(principal, action, resource) };
    const { policyName, statement } = deciding;
    const verb = statement.effect === 'Deny' ? 'denies' : 'allows';
    return {
      allowed: statement.effect === 'Allow',
      reason: `statement ${statement.index + 1} of policy ${policyName} ${verb} it`,
    };
  }

  /**
   * The thing that a connection is one of. A thing that is attached to the certificate but not exclusively is so only where the client
   * id is its name.
   *
   * @see https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html
   */
  thingOf({ certificateArn, clientId }: Pick<Principal, 'certificateArn' | 'clientId'>): Thing | undefined {
    const attached = this.registry.listPrincipalThings(certificateArn);
    const own = attached.find(({ thingName, type }) => type === 'EXCLUSIVE_THING' || thingName === clientId);
    return own && this.registry.describeThing(own.thingName);
  }

  private statementsOf(principal: Principal): { policyName: string; statement: BoundStatement }[] {
    const variables = this.variablesOf(principal);
    return this.registry.listAttachedPolicies(principal.certificateArn).flatMap((policy) =>
      policy.versions.get(policy.defaultVersionId)!.document.statements.flatMap((unbound) => {
        const statement = unbound.bind(variables);
        return statement ? [{ policyName: policy.policyName, statement }] : [];
      }),
    );
  }

  private whyNot(principal: Principal, action: IotAction, resource: string): string {
    const policies = this.registry.listAttachedPolicies(principal.certificateArn).map(({ policyName }) => policyName);
    const statement = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
    return policies.length === 0
      ? `its certificate has no policy; this statement would allow it: ${statement}`
      : `no statement of policy ${policies.join(', ')} allows it; this one would: ${statement}`;
  }

  private variablesOf(principal: Principal): PolicyVariables {
    const thing = this.thingOf(principal);
    const variables = new Map<string, readonly string[]>([
      ['iot:ClientId', [principal.clientId]],
      ['iot:ConnectAttributes', principal.connectAttributes ?? []],
      ['iot:Connection.Thing.IsAttached', thing ? ['true'] : []],
    ]);
    if (!thing) return variables;
    variables.set('iot:Connection.Thing.ThingName', [thing.thingName]);
    if (thing.thingTypeName) variables.set('iot:Connection.Thing.ThingTypeName', [thing.thingTypeName]);
    for (const [name, value] of Object.entries(thing.attributes)) {
      variables.set(`iot:Connection.Thing.Attributes[${name}]`, [value]);
    }
    return variables;
  }
}

/** https://docs.aws.amazon.com/iot/latest/developerguide/iot-action-resources.html */
const resourceKinds = {
  'iot:Connect': 'client',
  'iot:Publish': 'topic',
  'iot:RetainPublish': 'topic',
  'iot:Subscribe': 'topicfilter',
  'iot:Receive': 'topic',
} as const satisfies Record<IotAction, string>;
