import type { AccessRequest } from '../../lib/iot-core-local/iam/access-request';
import { decide, IdentityPolicy } from '../../lib/iot-core-local/iam/identity-policy';

/** A statement of an identity policy that allows. */
export interface AllowStatement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Every action with every resource and every value of a condition that no request needs. */
export function unusedRights(statements: readonly AllowStatement[], requests: readonly AccessRequest[]): string[] {
  return statements.flatMap(partsOf).flatMap((part) => {
    const policy = policyOf([{ Effect: 'Allow', ...part }]);
    const isUsed = requests.some((request) => decide([policy], request).isAllowed);
    return isUsed
      ? []
      : [`${part.Action} ${part.Resource}${part.Condition ? ` ${JSON.stringify(part.Condition)}` : ''}`];
  });
}

/** The statements without which each of these requests is still allowed. */
export function needlessStatements<S extends AllowStatement>(
  statements: readonly S[],
  requests: readonly AccessRequest[],
): S[] {
  return statements.filter((statement) => {
    const others = policyOf(statements.filter((other) => other !== statement));
    return requests.every((request) => decide([others], request).isAllowed);
  });
}

function policyOf(statements: readonly object[]): IdentityPolicy {
  const allowing = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
  return IdentityPolicy.parse({ Version: '2012-10-17', Statement: allowing });
}

/** A statement for each action, resource and value of a condition. */
function partsOf({ Action, Resource, Condition = {} }: AllowStatement): AllowStatement[] {
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      // Without IfExists, so that a request that lacks the key does not count as one that needs the value.
      [values].flat().map((value) => ({ [operator.replace('IfExists', '')]: { [key]: String(value) } })),
    ),
  );
  const each = conditions.length > 0 ? conditions : [undefined];
  return [Action]
    .flat()
    .flatMap((action) =>
      [Resource]
        .flat()
        .flatMap((resource) =>
          each.map((condition) => ({ Action: String(action), Resource: String(resource), Condition: condition })),
        ),
    );
}
