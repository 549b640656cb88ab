import { validationError } from '../cloudformation-error';
import type { Deployment } from '../stack/deployment';
import type { Stack } from '../stack/stack';
import { Template } from '../template/template';
import type { DeploymentRequest } from './change-set-request';

/**
 * What a request deploys: with the template and the values that the stack was deployed with, where the request asks for these.
 *
 * @throws CloudFormationError or TemplateError
 */
export function deploymentOf(
  { template, parameters, tags, capabilities }: DeploymentRequest,
  { deployment }: Stack,
): Deployment {
  if (!template && !deployment) throw validationError('Either Template URL or Template Body must be specified.');
  return {
    template: template ? new Template(template.source) : deployment!.template,
    templateBody: template ? template.body : deployment!.templateBody,
    parameters: new Map(parameters.map(({ name, value }) => [name, value ?? previousValue(name, deployment)])),
    tags: tags ?? deployment?.tags ?? new Map(),
    capabilities,
  };
}

function previousValue(name: string, deployment: Deployment | undefined): string {
  const value = deployment?.parameters.get(name) ?? deployment?.template.parameters.get(name)?.default;
  if (value === undefined) throw validationError(`The parameter ${name} has no previous value.`);
  return value;
}

/** Whether two deployments have the same tags. */
export function sameTags(deployment: Deployment, old: Deployment | undefined): boolean {
  return JSON.stringify([...deployment.tags].sort()) === JSON.stringify([...(old?.tags ?? [])].sort());
}
