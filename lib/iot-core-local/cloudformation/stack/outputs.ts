import type { BoundTemplate, CreatedResources } from '../template/bound-template';
import type { StackOutput } from './stack';

/** The outputs of a template with their values. @throws TemplateError if a value is missing */
export function outputsOf(template: BoundTemplate, created: CreatedResources): StackOutput[] {
  return template.outputs.map(({ name, value, description, exportName }) => ({
    name,
    value: template.outputText(name, value, created),
    description,
    exportName: exportName === undefined ? undefined : template.outputText(name, exportName, created),
  }));
}
