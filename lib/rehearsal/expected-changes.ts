/** The resources of a stack that an update is to change, by what happens to them. Logical ids, sorted. */
export interface Changes {
  readonly created: readonly string[];
  readonly replaced: readonly string[];
  /** Changed where they are. */
  readonly updated: readonly string[];
  readonly deleted: readonly string[];
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
type Resources = Readonly<Record<string, Resource>>;

/**
 * What an update from one template to another is to change, and no more.
 *
 * A certificate is replaced when its request changes, and so is what attaches it. Everything else of this project's stacks is updated where
 * it is.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iot-certificate.html
 */
export function expectedChanges(before: object, after: object): Changes {
  const [old, now] = [resourcesIn(before), resourcesIn(after)];
  const kept = Object.keys(now).filter((id) => id in old);
  const changed = kept.filter((id) => JSON.stringify(old[id]) !== JSON.stringify(now[id]));
  const certificates = changed.filter((id) => now[id].Type === 'AWS::IoT::Certificate');
  const attachments = kept.filter(
    (id) => /^AWS::IoT::\w+Attachment$/.test(now[id].Type) && certificates.some((each) => refersTo(now[id], each)),
  );
  const replaced = [...certificates, ...attachments];
  return {
    created: Object.keys(now)
      .filter((id) => !(id in old))
      .sort(),
    replaced: replaced.sort(),
    updated: kept
      .filter(
        (id) =>
          !replaced.includes(id) && (changed.includes(id) || certificates.some((each) => refersTo(now[id], each))),
      )
      .sort(),
    deleted: Object.keys(old)
      .filter((id) => !(id in now))
      .sort(),
  };
}

/** Whose resources a change of the fleet is to create, replace and update: thing names. */
export interface ChangedDevices {
  readonly created: string;
  readonly replaced: string;
  readonly updated: string;
}

/**
 * The resources of devices that two templates would have changed, though the change of the fleet does not ask for it, a few words each.
 *
 * @param templates - before and after
 */
export function unplannedChanges(
  changes: Changes,
  templates: readonly [object, object],
  devices: ChangedDevices,
): string[] {
  const resources = { ...resourcesIn(templates[0]), ...resourcesIn(templates[1]) };
  const planned: Record<keyof Changes, string | undefined> = { ...devices, deleted: undefined };
  return (Object.keys(planned) as (keyof Changes)[]).flatMap((kind) =>
    changes[kind]
      .filter((id) => resources[id].Type.startsWith('AWS::IoT::') && !isOf(planned[kind], id))
      .map((id) => `${id} ${kind}`),
  );
}

/** Whether a logical id is of a device's resources: the CDK makes it of the letters and digits of the thing's name, the kind, and a hash. */
function isOf(thingName: string | undefined, logicalId: string): boolean {
  const prefix = thingName?.replace(/[^a-zA-Z0-9]/g, '');
  const [, owner] = /^(.*?)(?:Certificate|(?:Policy|Thing)(?:Attachment)?)[0-9A-F]{8}$/.exec(logicalId) ?? [];
  return prefix !== undefined && owner === prefix;
}

function resourcesIn(template: object): Resources {
  return (template as { Resources: Resources }).Resources;
}

function refersTo({ Properties }: Resource, logicalId: string): boolean {
  const text = JSON.stringify(Properties);
  return text.includes(`{"Ref":"${logicalId}"}`) || text.includes(`{"Fn::GetAtt":["${logicalId}",`);
}
