import type { QueryOperations } from './query-operation';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html */
export const securityTokenOperations: QueryOperations = {
  GetCallerIdentity: {
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    needs: () => [],
    parameters: [],
    run: (_input, { caller, location: { accountId } }) => ({
      Arn: caller.arn,
      UserId: 'AIDALOCALLOCALLOCAL00',
      Account: accountId,
    }),
  },
};
