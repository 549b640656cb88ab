import { isObject } from '../../../util/json';
import type { Resource } from '../template/resource';

/**
 * What becomes of custom resources: all must run, as on AWS; those run whose function's code is in the template, and the others are ignored;
 * or all are ignored.
 */
export type CustomResourceMode = 'required' | 'optional' | 'ignored';

/** Whether a resource is ignored in this mode: a custom resource, a function, or what decides about the rights of functions. */
export function isIgnoredFunction(
  resource: Resource,
  resources: ReadonlyMap<string, Resource>,
  mode: CustomResourceMode,
): boolean {
  if (mode === 'required') return false;
  if (resource.type.startsWith('AWS::IAM::')) return mode === 'ignored';
  if (resource.type === 'AWS::Lambda::Function') return mode === 'ignored' || !hasInlineCode(resource);
  if (!isCustomResource(resource)) return false;
  const serviceToken = functionNameIn(resource.properties.ServiceToken);
  const called = serviceToken === undefined ? undefined : resources.get(serviceToken);
  return mode === 'ignored' || !called || !hasInlineCode(called);
}

function isCustomResource({ type }: Resource): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** The logical id in `{"Fn::GetAtt": ["Function", "Arn"]}`, in one of its forms. */
function functionNameIn(serviceToken: unknown): string | undefined {
  const attribute = isObject(serviceToken) ? serviceToken['Fn::GetAtt'] : undefined;
  const [logicalId] = typeof attribute === 'string' ? attribute.split('.') : [attribute].flat();
  return typeof logicalId === 'string' ? logicalId : undefined;
}

function hasInlineCode({ type, properties: { Code, Runtime } }: Resource): boolean {
  return (
    type === 'AWS::Lambda::Function' &&
    isObject(Code) &&
    Code.ZipFile !== undefined &&
    String(Runtime).startsWith('nodejs')
  );
}
