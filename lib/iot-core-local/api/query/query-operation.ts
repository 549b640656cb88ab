import type { CloudFormation } from '../../cloudformation/cloudformation';
import { CloudFormationError } from '../../cloudformation/cloudformation-error';
import type { Caller } from '../../iam/caller';
import type { Location } from '../../registry/arns';
import type { Access } from '../access';
import type { FaultInjection } from '../fault-injection';
import { pageOf } from '../pages';
import type { QueryInput } from './query-input';
import type { XmlValue } from './xml';

/** What the operations of the query protocol work on. */
export interface QueryContext {
  readonly cloudFormation: CloudFormation;
  readonly location: Location;
  readonly faults: Readonly<FaultInjection>;
  readonly caller: Caller;
}

/** An operation of AWS's query protocol. */
interface QueryOperation {
  /**
   * What a call must be allowed. The action is the operation's own unless another is named.
   *
   * @throws CloudFormationError if a parameter is missing
   */
  needs(input: QueryInput, context: QueryContext): readonly Access[];
  /** The parameters that it takes, without what follows the first dot. Any other is refused by name. */
  readonly parameters: readonly string[];
  /**
   * @returns the content of the result; undefined if the answer has none
   * @throws CloudFormationError, or TemplateError, which is a ValidationError to the caller
   */
  run(input: QueryInput, context: QueryContext): XmlValue | Promise<XmlValue>;
}

/** The operations of a service, by name. */
export type QueryOperations = Readonly<Record<string, QueryOperation>>;

/** A list in pages, as the result of an operation. */
export function pageOfResults<T>(
  key: string,
  entries: readonly T[],
  xmlOf: (entry: T) => XmlValue,
  input: QueryInput,
  { faults }: QueryContext,
): XmlValue {
  const { page, next } = pageOf(entries, { token: input.text('NextToken') }, faults);
  return { [key]: page.map(xmlOf), NextToken: next };
}

/**
 * Refuses parameters that ask for what IoT Core Local does not have. A parameter that is empty or false asks for nothing.
 *
 * @throws CloudFormationError ValidationError that names the parameter
 */
export function refuse(input: QueryInput, names: readonly string[]): void {
  for (const name of names) {
    const isThere = input.entries(name).length > 0 || (input.text(name) !== undefined && input.text(name) !== 'false');
    if (!isThere) continue;
    throw new CloudFormationError('ValidationError', `IoT Core Local's CloudFormation does not have ${name}.`);
  }
}
