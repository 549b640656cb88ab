import type { QueryOperations } from './query-operation';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html */
export const securityTokenOperations: QueryOperations = {
  GetCallerIdentity: {
    parameters: [],
    run: (_input, { location: { partition, accountId } }) => ({
      Arn: `arn:${partition}:iam::${accountId}:user/local`,
      UserId: 'AIDALOCALLOCALLOCAL00',
      Account: accountId,
    }),
  },
};
