import type { Evaluator } from './evaluator';
import { substitute, substitutionIn } from './substitution';

/**
 * Evaluates a call of one function.
 *
 * @throws TemplateError if the argument is wrong, or a value is missing
 */
type IntrinsicFunction = (argument: unknown, evaluator: Evaluator) => unknown;

/**
 * The intrinsic functions that IoT Core Local evaluates, by name.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export const functions: Readonly<Record<string, IntrinsicFunction>> = {
  Ref: (argument, evaluator) => evaluator.scope.ref(name('Ref', argument, evaluator)),

  'Fn::GetAtt'(argument, evaluator) {
    const [logicalId, ...path] = Array.isArray(argument) ? argument : String(argument).split('.');
    if (typeof logicalId !== 'string' || path.length === 0) {
      return evaluator.fail('has an Fn::GetAtt that does not name a resource and an attribute');
    }
    return evaluator.scope.attribute(
      logicalId,
      path.map((part) => evaluator.text(part, 'attribute in Fn::GetAtt')).join('.'),
    );
  },

  'Fn::Join'(argument, evaluator) {
    const [delimiter, source] = items(argument);
    const parts = evaluator.value(source);
    if (typeof delimiter !== 'string' || !Array.isArray(parts) || items(argument).length !== 2) {
      return evaluator.fail('has an Fn::Join that is not a delimiter and a list');
    }
    return parts.map((part) => textOf(part, 'Fn::Join', evaluator)).join(delimiter);
  },

  'Fn::Split'(argument, evaluator) {
    const [delimiter, source] = items(argument);
    if (typeof delimiter !== 'string' || delimiter === '' || items(argument).length !== 2) {
      return evaluator.fail('has an Fn::Split that is not a delimiter and a text');
    }
    return evaluator.text(source, 'Fn::Split').split(delimiter);
  },

  'Fn::Select'(argument, evaluator) {
    const [source, list] = items(argument);
    const index = Number(evaluator.text(source, 'index in Fn::Select'));
    const entries = evaluator.value(list);
    if (!Array.isArray(entries)) return evaluator.fail('has an Fn::Select that is not an index and a list');
    if (!Number.isInteger(index) || index < 0 || index >= entries.length) {
      return evaluator.fail(`has an Fn::Select of entry ${index}, and the list has ${entries.length} entries`);
    }
    return entries[index];
  },

  'Fn::Sub'(argument, evaluator) {
    const substitution = substitutionIn(argument);
    if (!substitution) return evaluator.fail('has an Fn::Sub without a text');
    // A literal of the text may be a dynamic reference, as any other literal.
    evaluator.value(substitution.text);
    return substitute(substitution, (name) => {
      if (Object.hasOwn(substitution.variables, name)) {
        return evaluator.text(substitution.variables[name], 'Fn::Sub');
      }
      const [logicalId, ...path] = name.split('.');
      const { scope } = evaluator;
      return textOf(
        path.length > 0 ? scope.attribute(logicalId, path.join('.')) : scope.ref(name),
        'Fn::Sub',
        evaluator,
      );
    });
  },

  'Fn::Base64': (argument, evaluator) => Buffer.from(evaluator.text(argument, 'Fn::Base64')).toString('base64'),

  'Fn::FindInMap'(argument, evaluator) {
    if (items(argument).length !== 3) return evaluator.fail('has an Fn::FindInMap that is not a map and two keys');
    const [map, first, second] = items(argument).map((key) => evaluator.text(key, 'Fn::FindInMap'));
    return evaluator.scope.mapped(map, first, second);
  },

  'Fn::ImportValue': (argument, evaluator) => evaluator.scope.exported(evaluator.text(argument, 'Fn::ImportValue')),

  'Fn::If'(argument, evaluator) {
    const [condition, then, otherwise] = items(argument);
    if (typeof condition !== 'string' || items(argument).length !== 3) {
      return evaluator.fail('has an Fn::If that is not a condition and two values');
    }
    return evaluator.value(evaluator.scope.condition(condition) ? then : otherwise);
  },
};

function items(argument: unknown): readonly unknown[] {
  return Array.isArray(argument) ? argument : [argument];
}

function name(what: string, argument: unknown, evaluator: Evaluator): string {
  return typeof argument === 'string' ? argument : evaluator.fail(`has a ${what} that is not a name`);
}

function textOf(value: unknown, what: string, evaluator: Evaluator): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return evaluator.fail(`has an ${what} of a value that is not a string`);
}
