import type { Evaluation } from './scope';
import { substitute, substitutionIn } from './substitution';

/**
 * Evaluates a call of one function.
 *
 * @param argument - of the function's form, as function-forms.ts has it
 * @throws TemplateError if a part of the argument has a wrong value, or a value is missing
 */
type IntrinsicFunction = (argument: unknown, evaluation: Evaluation) => unknown;

/**
 * The intrinsic functions that IoT Core Local evaluates, by name.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export const functions: Readonly<Record<string, IntrinsicFunction>> = {
  Ref: (argument, evaluation) => evaluation.scope.ref(String(argument)),

  'Fn::GetAtt'(argument, evaluation) {
    const [logicalId, ...path] = Array.isArray(argument) ? argument : String(argument).split('.');
    return evaluation.scope.attribute(
      logicalId,
      path.map((part) => evaluation.text(part, 'attribute in Fn::GetAtt')).join('.'),
    );
  },

  'Fn::Join'(argument, evaluation) {
    const [delimiter, source] = items(argument);
    const parts = evaluation.value(source);
    if (!Array.isArray(parts)) return evaluation.fail('has an Fn::Join that is not a delimiter and a list');
    return parts.map((part) => textOf(part, 'Fn::Join', evaluation)).join(String(delimiter));
  },

  'Fn::Split'(argument, evaluation) {
    const [delimiter, source] = items(argument);
    return evaluation.text(source, 'Fn::Split').split(String(delimiter));
  },

  'Fn::Select'(argument, evaluation) {
    const [source, list] = items(argument);
    const index = Number(evaluation.text(source, 'index in Fn::Select'));
    const entries = evaluation.value(list);
    if (!Array.isArray(entries)) return evaluation.fail('has an Fn::Select that is not an index and a list');
    if (!Number.isInteger(index) || index < 0 || index >= entries.length) {
      return evaluation.fail(`has an Fn::Select of entry ${index}, and the list has ${entries.length} entries`);
    }
    return entries[index];
  },

  'Fn::Sub'(argument, evaluation) {
    const substitution = substitutionIn(argument)!;
    // A literal of the text may be a dynamic reference, as any other literal.
    evaluation.value(substitution.text);
    return substitute(substitution, (name) => {
      if (Object.hasOwn(substitution.variables, name)) {
        return evaluation.text(substitution.variables[name], 'Fn::Sub');
      }
      const [logicalId, ...path] = name.split('.');
      const { scope } = evaluation;
      return textOf(
        path.length > 0 ? scope.attribute(logicalId, path.join('.')) : scope.ref(name),
        'Fn::Sub',
        evaluation,
      );
    });
  },

  'Fn::Base64': (argument, evaluation) => Buffer.from(evaluation.text(argument, 'Fn::Base64')).toString('base64'),

  'Fn::FindInMap'(argument, evaluation) {
    const [map, first, second] = items(argument).map((key) => evaluation.text(key, 'Fn::FindInMap'));
    return evaluation.scope.mapped(map, first, second);
  },

  'Fn::ImportValue': (argument, evaluation) => evaluation.scope.exported(evaluation.text(argument, 'Fn::ImportValue')),

  /** The CDK writes it for a weak reference to another stack. Only stacks of the same account and Region are here. */
  'Fn::GetStackOutput'(argument, evaluation) {
    const { StackName, OutputName, Region, ...others } = Object(argument) as Record<string, unknown>;
    const [stackName, outputName] = [StackName, OutputName].map((part) => evaluation.text(part, 'Fn::GetStackOutput'));
    const isElsewhere =
      Region !== undefined && evaluation.text(Region, 'Region') !== evaluation.scope.ref('AWS::Region');
    if (isElsewhere || Object.keys(others).length > 0) {
      return evaluation.fail(
        `has an Fn::GetStackOutput of ${stackName} in another Region or account, which is not here`,
      );
    }
    return evaluation.scope.stackOutput(stackName, outputName);
  },

  'Fn::If'(argument, evaluation) {
    const [condition, then, otherwise] = items(argument);
    return evaluation.value(evaluation.scope.condition(String(condition)) ? then : otherwise);
  },
};

function items(argument: unknown): readonly unknown[] {
  return argument as readonly unknown[];
}

function textOf(value: unknown, what: string, evaluation: Evaluation): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return evaluation.fail(`has an ${what} of a value that is not a string`);
}
