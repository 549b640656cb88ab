import type { Deployment } from '../../cloudformation/stack/deployment';
import type { XmlValue } from './xml';

/** The parameters of a deployment, defaults too. A parameter with NoEcho is not shown. */
export function parametersOf(deployment: Deployment | undefined): XmlValue {
  if (!deployment) return [];
  const { template, parameters } = deployment;
  return [...template.parameters.values()].map(({ name, noEcho, default: fallback }) => ({
    ParameterKey: name,
    ParameterValue: noEcho ? '****' : (parameters.get(name) ?? fallback),
  }));
}

/** The tags of a deployment. */
export function tagsOf(deployment: Deployment | undefined): XmlValue {
  return [...(deployment?.tags ?? [])].map(([Key, Value]) => ({ Key, Value }));
}
