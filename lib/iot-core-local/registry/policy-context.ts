import { iotArn, type Location } from './arns';
import { type CertificateAttributes, isUsable } from './certificate-attributes';
import type { IotAction } from './policy-actions';
import { thingAttribute } from './policy-keys';
import type { Thing } from './thing';

/** What a client asked for in CONNECT that policies can ask about. */
export type ConnectAttribute = 'PersistentConnect' | 'LastWill';

/** What a policy can ask about a connection. */
export interface ConnectionFacts {
  readonly clientId: string;
  readonly connectAttributes: readonly ConnectAttribute[];
  /** The topic of the client's will; undefined if it has none. */
  readonly lastWillTopic?: string;
  /** The client's IP address. */
  readonly sourceIp?: string;
  /** The server name that the client sent in TLS (SNI). */
  readonly domainName?: string;
  readonly certificateId: string;
  readonly certificate: () => CertificateAttributes;
  /** The thing that the connection is of. */
  readonly thing?: Thing;
  /** The names of all things that are attached to the certificate. */
  readonly attachedThings: readonly string[];
}

/** The value of a condition key. */
export interface KeyValue {
  /** None if the key is absent. */
  readonly values: readonly string[];
  /** Whether AWS may take the key for absent: its pages do not say. */
  readonly isUncertain?: boolean;
  /** Why there is no value, for the log: a clause. */
  readonly absence: string;
}

/** The values of condition keys and policy variables for one action of one connection. */
export class PolicyContext {
  constructor(
    private readonly facts: ConnectionFacts,
    private readonly action: IotAction,
    private readonly location: Location,
  ) {}

  /** @param key - one that {@link isPolicyKey} knows, in any case */
  key(key: string): KeyValue {
    const name = key.toLowerCase();
    const attribute = thingAttribute.exec(key);
    if (attribute) return this.thingAttribute(attribute[1]);
    if (name.startsWith('iot:connection.thing.')) return this.thingKey(name);
    if (name.startsWith('iot:certificate')) return this.certificateKey(name);
    const { clientId, domainName, sourceIp } = this.facts;
    switch (name) {
      case 'iot:clientid':
        return one(clientId, '');
      case 'iot:domainname':
        return one(domainName, 'the client sent no server name (SNI)');
      case 'aws:sourceip':
        return one(sourceIp?.replace(/^::ffff:(?=\d+\.)/i, ''), 'the connection has no IP address');
      case 'iot:connectattributes':
      case 'iot:lastwilltopic':
        return this.connectKey(name);
      case 'cognito-identity.amazonaws.com:sub':
        return { values: [], absence: 'the client has a certificate and no Amazon Cognito identity' };
      case 'aws:sourcevpc':
      case 'aws:sourcevpce':
      case 'aws:vpcsourceip':
        return { values: [], absence: 'the connection does not come through a VPC endpoint' };
      default:
        throw new Error(`The policy key "${key}" has no value here.`);
    }
  }

  /** The value of a policy variable, or undefined with the reason. */
  variable(name: string): { value?: string; absence: string } {
    const { values, absence } = this.key(name);
    if (values.length > 1) return { absence: 'it has several values' };
    const [value] = values;
    if (value === undefined || value === '') return { absence };
    if (name.toLowerCase().startsWith('iot:certificate.') && !isUsable(value)) {
      return { absence: `its value ${JSON.stringify(value)} has a wildcard character or is too long` };
    }
    return { value, absence };
  }

  /** The attributes of CONNECT. AWS documents them for iot:Connect alone. */
  private connectKey(name: string): KeyValue {
    const { connectAttributes, lastWillTopic } = this.facts;
    const isUncertain = this.action !== 'iot:Connect';
    if (name === 'iot:connectattributes') {
      return {
        values: connectAttributes,
        isUncertain,
        absence: 'the client has neither a persistent session nor a will',
      };
    }
    const arn = lastWillTopic === undefined ? undefined : iotArn(this.location, 'topic', lastWillTopic);
    return { ...one(arn, 'the client has no will'), isUncertain };
  }

  /** @param name - in lower case */
  private thingKey(name: string): KeyValue {
    const { thing } = this.facts;
    if (name === 'iot:connection.thing.isattached') return one(String(thing !== undefined), '');
    if (!thing) return this.noThing();
    if (name === 'iot:connection.thing.thingname') return one(thing.thingName, '');
    return one(thing.thingTypeName, `the thing ${thing.thingName} has no thing type`);
  }

  private thingAttribute(name: string): KeyValue {
    const { thing } = this.facts;
    if (!thing) return this.noThing();
    const value = Object.hasOwn(thing.attributes, name) ? thing.attributes[name] : undefined;
    return one(value, `the thing ${thing.thingName} has no attribute "${name}"`);
  }

  private noThing(): KeyValue {
    const { attachedThings, clientId } = this.facts;
    const [first] = attachedThings;
    const absence = first
      ? `the certificate's thing ${first} does not have the client id "${clientId}" as its name`
      : 'no thing is attached to the certificate';
    return { values: [], absence };
  }

  private certificateKey(name: string): KeyValue {
    const { certificateId, certificate } = this.facts;
    if (name === 'iot:certificateid') return one(certificateId, '');
    if (name === 'iot:certificate.serialnumber') return one(certificate().serialNumber, '');
    if (name === 'iot:certificate.availablekeys') return { values: certificate().availableKeys, absence: '' };
    const [, attribute, suffix] = /^iot:certificate\.(.+?)(?:\.(list|\d+))?$/.exec(name)!;
    const all = certificate().valuesOf(attribute);
    const values = suffix === 'list' ? all : all.slice(Number(suffix ?? 0)).slice(0, 1);
    const isUncertain = values.some((value) => !isUsable(value));
    return { values, isUncertain, absence: 'the certificate does not have that attribute' };
  }
}

/** A key of one value. AWS may take an empty value for none. */
function one(value: string | undefined, absence: string): KeyValue {
  return { values: value === undefined ? [] : [value], isUncertain: value === '', absence };
}
