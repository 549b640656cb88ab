import type { IntrinsicCall } from './intrinsic-call';
import { substitutionIn } from './substitution';

/** What the argument of a function must look like before anything in it is evaluated. */
interface Form {
  fits(argument: unknown): boolean;
  /** What is wrong if it does not fit: a clause. */
  readonly otherwise: string;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const forms: Readonly<Record<string, Form>> = {
  Ref: { fits: isText, otherwise: 'has a Ref that is not a name' },
  // A list has two entries: https://github.com/awslabs/aws-cfn-template-flip/pull/40
  'Fn::GetAtt': {
    fits: (argument) =>
      isText(argument)
        ? /^[^.]+\../.test(argument)
        : isListOf(2, argument) && isText(argument[0]) && argument[1] !== '' && !Array.isArray(argument[1]),
    otherwise: 'has an Fn::GetAtt that does not name a resource and an attribute',
  },
  // https://github.com/aws-solutions/innovation-sandbox-on-aws/issues/137
  'Fn::Join': {
    fits: (argument) => isListOf(2, argument) && typeof argument[0] === 'string' && typeof argument[1] === 'object',
    otherwise: 'has an Fn::Join that is not a delimiter and a list',
  },
  'Fn::Split': {
    fits: (argument) => isListOf(2, argument) && isText(argument[0]),
    otherwise: 'has an Fn::Split that is not a delimiter and a text',
  },
  'Fn::Select': {
    fits: (argument) => isListOf(2, argument) && typeof argument[1] === 'object',
    otherwise: 'has an Fn::Select that is not an index and a list',
  },
  'Fn::Sub': { fits: (argument) => substitutionIn(argument) !== undefined, otherwise: 'has an Fn::Sub without a text' },
  'Fn::FindInMap': {
    fits: (argument) => isListOf(3, argument),
    otherwise: 'has an Fn::FindInMap that is not a map and two keys',
  },
  // https://github.com/aws-cloudformation/cfn-lint/issues/316
  'Fn::If': {
    fits: (argument) => isListOf(3, argument) && isText(argument[0]),
    otherwise: 'has an Fn::If that is not a condition and two values',
  },
};

/** What is wrong with the form of a call's argument: a clause; undefined if nothing is, or the function takes any argument. */
export function wrongForm({ name, argument }: IntrinsicCall): string | undefined {
  if (!Object.hasOwn(forms, name)) return undefined;
  const { fits, otherwise } = forms[name];
  return fits(argument) ? undefined : otherwise;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isListOf(count: number, value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length === count;
}
