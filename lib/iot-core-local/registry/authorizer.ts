import { iotArn } from './arns';
import { type Certificate, certificateIdFrom } from './certificate';
import { CertificateAttributes } from './certificate-attributes';
import { type IotAction, resourceKinds } from './policy-actions';
import { type ConnectAttribute, PolicyContext } from './policy-context';
import type { PolicyStatement } from './policy-statement';
import type { Registry } from './registry';
import type { Thing } from './thing';

/** Who is connected: the holder of a certificate, under a client id. */
export interface Principal {
  readonly certificateArn: string;
  readonly clientId: string;
  /** What the client asked for in CONNECT. @default - nothing */
  readonly connectAttributes?: readonly ConnectAttribute[];
  /** The topic of its will. @default - it has none */
  readonly lastWillTopic?: string;
  /** Its IP address. @default - unknown */
  readonly sourceIp?: string;
  /** The server name that it sent in TLS. @default - it sent none */
  readonly domainName?: string;
}

/** An answer and its reason: a sentence without its full stop, for the log. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** A statement and the policy that has it. */
interface NamedStatement {
  readonly policyName: string;
  readonly statement: PolicyStatement;
}

/**
 * Decides as AWS IoT Core does whether a principal may do an action on a resource. The default versions of the policies that are attached
 * to its certificate count. A Deny overrides every Allow, and without an Allow nothing is allowed.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
 */
export class Authorizer {
  private readonly attributes = new WeakMap<Certificate, CertificateAttributes>();

  constructor(private readonly registry: Registry) {}

  /** @param name - what follows the kind in the resource's ARN, as `cars/data` for a topic */
  authorize(principal: Principal, action: IotAction, name: string): Decision {
    const resource = iotArn(this.registry.location, resourceKinds[action], name);
    const context = this.contextOf(principal, action);
    const statements = this.statementsOf(principal);
    for (const effect of ['Deny', 'Allow']) {
      const deciding = statements.find(
        ({ statement }) => statement.effect === effect && statement.applies(action, resource, context),
      );
      if (deciding) {
        const { statement } = deciding;
        return effect === 'Allow'
          ? { allowed: true, reason: `${nameOf(deciding)} allows it` }
          : { allowed: false, reason: `${nameOf(deciding)} denies it${statement.explainDenial(context)}` };
      }
    }
    const policies = this.registry.listAttachedPolicies(principal.certificateArn).map(({ policyName }) => policyName);
    return { allowed: false, reason: whyNot({ policies, statements, action, resource, context }) };
  }

  /**
   * The thing that a connection is of. A thing that is attached to the certificate, but not exclusively, must have the client id as its
   * name.
   *
   * @see https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html
   */
  thingOf({ certificateArn, clientId }: Pick<Principal, 'certificateArn' | 'clientId'>): Thing | undefined {
    const attached = this.registry.listPrincipalThings(certificateArn);
    const own = attached.find(({ thingName, type }) => type === 'EXCLUSIVE_THING' || thingName === clientId);
    return own && this.registry.describeThing(own.thingName);
  }

  private statementsOf({ certificateArn }: Principal): NamedStatement[] {
    return this.registry
      .listAttachedPolicies(certificateArn)
      .flatMap(({ policyName, defaultVersion }) =>
        defaultVersion.document.statements.map((statement) => ({ policyName, statement })),
      );
  }

  private contextOf(principal: Principal, action: IotAction): PolicyContext {
    const certificateId = certificateIdFrom(principal.certificateArn);
    const facts = {
      ...principal,
      connectAttributes: principal.connectAttributes ?? [],
      certificateId,
      certificate: () => this.attributesOf(this.registry.describeCertificate(certificateId)),
      thing: this.thingOf(principal),
      attachedThings: this.registry.thingNamesOf(principal.certificateArn),
    };
    return new PolicyContext(facts, action, this.registry.location);
  }

  private attributesOf(certificate: Certificate): CertificateAttributes {
    const known = this.attributes.get(certificate) ?? new CertificateAttributes(certificate.certificatePem);
    this.attributes.set(certificate, known);
    return known;
  }
}

interface Denial {
  /** The names of the certificate's policies. */
  readonly policies: readonly string[];
  readonly statements: readonly NamedStatement[];
  readonly action: IotAction;
  readonly resource: string;
  readonly context: PolicyContext;
}

/** Where a statement is about the request but does not apply, says why; else names the statement that would allow it. */
function whyNot({ policies, statements, action, resource, context }: Denial): string {
  const near = statements.flatMap(({ policyName, statement }) => {
    const why = statement.effect === 'Allow' ? statement.explain(action, resource, context) : undefined;
    return why === undefined ? [] : [`${nameOf({ policyName, statement })} does not allow it: ${why}`];
  });
  if (near.length > 0) return near.join('; ');
  const proposal = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
  return policies.length === 0
    ? `its certificate has no policy; this statement would allow it: ${proposal}`
    : `no statement of policy ${policies.join(', ')} allows it; this one would: ${proposal}`;
}

function nameOf({ policyName, statement }: NamedStatement): string {
  return `statement ${statement.index + 1} of policy ${policyName}`;
}
