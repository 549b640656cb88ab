export const thingPrincipalTypes = ['EXCLUSIVE_THING', 'NON_EXCLUSIVE_THING'] as const;

/** How a thing is attached to a principal. https://docs.aws.amazon.com/iot/latest/developerguide/exclusive-thing.html */
export type ThingPrincipalType = (typeof thingPrincipalTypes)[number];

/** A thing of the registry. */
export interface Thing {
  readonly thingName: string;
  readonly thingArn: string;
  readonly thingTypeName?: string;
  readonly attributes: Readonly<Record<string, string>>;
}
