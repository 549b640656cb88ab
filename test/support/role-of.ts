/** A role for functions, as a template has it, with an inline policy of these statements. */
export function roleOf(statements: readonly object[]) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      Policies: [{ PolicyName: 'Rights', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  };
}
