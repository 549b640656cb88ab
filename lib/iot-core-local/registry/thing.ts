import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { iotArn, type Location } from './arns';
import { IotError } from './iot-error';

export const thingPrincipalTypes = ['EXCLUSIVE_THING', 'NON_EXCLUSIVE_THING'] as const;

/** How a thing is attached to a principal. https://docs.aws.amazon.com/iot/latest/developerguide/exclusive-thing.html */
export type ThingPrincipalType = (typeof thingPrincipalTypes)[number];

/** A thing of the registry. */
export interface Thing {
  readonly thingName: string;
  readonly thingArn: string;
  readonly thingId: string;
  readonly thingTypeName?: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** 1 for a new thing; each update makes it one more. */
  readonly version: number;
}

/** What a thing is created with, beside its name. */
export type ThingConfiguration = Pick<Thing, 'thingTypeName' | 'attributes'>;

/** https://docs.aws.amazon.com/iot/latest/developerguide/thing-types.html */
const mostAttributes = { withType: 50, withoutType: 3 };

/**
 * A thing, checked as AWS does.
 *
 * @throws IotError InvalidRequestException naming the rule and the value
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html
 */
export function newThing(
  thingName: string,
  { thingTypeName, attributes = {} }: Partial<ThingConfiguration>,
  location: Location,
): Thing {
  const thingArn = iotArn(location, 'thing', thingName);
  const thing = {
    thingName,
    thingArn,
    thingId: thingIdOf(thingArn),
    thingTypeName,
    attributes: textsOf(attributes),
    version: 1,
  };
  checkThing(thing);
  return thing;
}

/**
 * A thing with other attributes, but those that are empty, and the next version.
 *
 * @throws IotError InvalidRequestException naming the rule and the value
 */
export function withAttributes(thing: Thing, attributes: Thing['attributes']): Thing {
  const entries = Object.entries(textsOf(attributes)).filter(([, value]) => value !== '');
  const changed = { ...thing, attributes: Object.fromEntries(entries), version: thing.version + 1 };
  checkThing(changed);
  return changed;
}

/** @throws IotError VersionConflictException if the thing has another version than the expected one */
export function checkVersion({ thingName, version }: Thing, expectedVersion: number | undefined): void {
  if (expectedVersion === undefined || expectedVersion === version) return;
  throw new IotError(
    'VersionConflictException',
    `The thing "${thingName}" has the version ${version}, not ${expectedVersion}.`,
  );
}

/** @returns the error for a thing whose name is taken */
export function thingExists(thingName: string): IotError {
  return new IotError('ResourceAlreadyExistsException', `Thing "${thingName}" already exists.`);
}

/** Whether two things have the same thing type and attributes. */
export function isSameThing(one: ThingConfiguration, other: ThingConfiguration): boolean {
  return one.thingTypeName === other.thingTypeName && isDeepStrictEqual(one.attributes, other.attributes);
}

/** @throws IotError InvalidRequestException naming the rule and the value */
function checkThing({
  thingName,
  thingTypeName,
  attributes,
}: Pick<Thing, 'thingName' | keyof ThingConfiguration>): void {
  const name = /^[a-zA-Z0-9:_-]{1,128}$/;
  const rule = 'is 1 to 128 letters, digits, ":", "_" or "-"';
  if (!name.test(thingName)) throw invalid(`A thing name ${rule}; "${thingName}" is not.`);
  if (thingTypeName !== undefined && !name.test(thingTypeName)) {
    throw invalid(`A thing type name ${rule}; "${thingTypeName}" is not.`);
  }
  const most = thingTypeName === undefined ? mostAttributes.withoutType : mostAttributes.withType;
  const entries = Object.entries(attributes);
  if (entries.length > most) {
    const kind = thingTypeName === undefined ? 'without a thing type' : 'with a thing type';
    throw invalid(`A thing ${kind} has at most ${most} attributes; "${thingName}" has ${entries.length}.`);
  }
  for (const [attribute, value] of entries) {
    if (!/^[a-zA-Z0-9_.,@/:#-]{1,128}$/.test(attribute)) {
      throw invalid(
        `A thing's attribute name is 1 to 128 letters, digits or any of "_.,@/:#-"; "${attribute}" is not.`,
      );
    }
    if (!/^[a-zA-Z0-9_.,@/:#=[\]-]{0,800}$/.test(value)) {
      throw invalid(
        `A thing's attribute value is at most 800 letters, digits or any of "_.,@/:#=[]-"; the one of "${attribute}" is not.`,
      );
    }
  }
}

/**
 * A thing's id, which looks like AWS's. AWS makes a random one; here a thing has the same id again after a restart, so that what a client
 * was configured with stays valid.
 */
function thingIdOf(thingArn: string): string {
  const digest = createHash('sha256').update(thingArn).digest('hex');
  return digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-8$4-$5');
}

/** A template may have a number or a boolean as an attribute. CloudFormation makes a text of it. */
function textsOf(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
}

function invalid(message: string): IotError {
  return new IotError('InvalidRequestException', message);
}
