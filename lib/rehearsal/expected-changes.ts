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

function resourcesIn(template: object): Resources {
  return (template as { Resources: Resources }).Resources;
}

function refersTo({ Properties }: Resource, logicalId: string): boolean {
  const text = JSON.stringify(Properties);
  return text.includes(`{"Ref":"${logicalId}"}`) || text.includes(`{"Fn::GetAtt":["${logicalId}",`);
}
