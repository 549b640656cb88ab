import { useAccount } from '../../../support/use-account';

const account = useAccount();

/** The answer to a form, signed as AWS's clients sign it. */
async function post(
  form: string,
  headers: Record<string, string> = { authorization: 'AWS4-HMAC-SHA256 Credential=a' },
) {
  const response = await fetch(account.controlPlane.url, { method: 'POST', headers, body: form });
  return { status: response.status, text: await response.text() };
}

test('GetCallerIdentity names the account', async () => {
  const { status, text } = await post('Action=GetCallerIdentity&Version=2011-06-15');
  expect(status).toBe(200);
  expect(text).toMatch(/^<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/">/);
  expect(text).toContain('<Account>123456789012</Account>');
});

test.each<readonly [string, string, string, string]>([
  [
    'an unknown operation',
    'Action=DetectStackDrift&Version=2010-05-15',
    'InvalidAction',
    'Could not find operation DetectStackDrift',
  ],
  ['an unknown version', 'Action=DescribeStacks&Version=2020-01-01', 'InvalidAction', 'for version 2020-01-01'],
  ['a name that every object has', 'Action=constructor&Version=2010-05-15', 'InvalidAction', 'constructor'],
  ['an empty form', '', 'InvalidAction', 'The request names no operation. IoT Core Local serves AWS IoT,'],
  [
    'an unknown parameter',
    'Action=DescribeStacks&Version=2010-05-15&Color=red',
    'ValidationError',
    'does not take "Color"',
  ],
  ['a missing parameter', 'Action=DeleteStack&Version=2010-05-15', 'ValidationError', "Value null at 'stackName'"],
  [
    'a missing flag',
    'Action=UpdateTerminationProtection&Version=2010-05-15&StackName=a',
    'ValidationError',
    "Value null at 'enableTerminationProtection'",
  ],
  ...[
    'Action=CreateStack&Version=2010-05-15&StackName=a&TemplateBody={}&EnableTerminationProtection=yes',
    'Action=UpdateTerminationProtection&Version=2010-05-15&StackName=a&EnableTerminationProtection=1',
    'Action=UpdateStack&Version=2010-05-15&StackName=a&UsePreviousTemplate=on',
  ].map((form) => {
    const [, operation, name, value] = /Action=(\w+).*&(\w+)=(\w+)$/.exec(form)!;
    const message = `${name} must be true or false, not "${value}".`;
    return [`the flag "${value}" of ${operation}`, form, 'ValidationError', message] as const;
  }),
  [
    'a parameter twice',
    'Action=DeleteStack&Version=2010-05-15&StackName=a&StackName=b',
    'ValidationError',
    'The request has the parameter "StackName" twice.',
  ],
  [
    'a parameter of a template twice',
    'Action=CreateStack&Version=2010-05-15&StackName=a&TemplateBody={}&Parameters.member.1.ParameterKey=A&Parameters.member.2.ParameterKey=A',
    'ValidationError',
    'The parameter "A" is there twice.',
  ],
  [
    'a tag twice',
    'Action=CreateStack&Version=2010-05-15&StackName=a&TemplateBody={}&Tags.member.1.Key=A&Tags.member.2.Key=A',
    'ValidationError',
    'The tag "A" is there twice.',
  ],
  [
    'a bad page token',
    'Action=DescribeStacks&Version=2010-05-15&NextToken=x',
    'ValidationError',
    'is not a page token',
  ],
  [
    'a parameter that IoT Core Local does not have',
    'Action=DeleteStack&Version=2010-05-15&StackName=a&DeletionMode=FORCE_DELETE_STACK',
    'ValidationError',
    'does not have DeletionMode',
  ],
])('%s is refused in XML', async (_, form, code, message) => {
  const { status, text } = await post(form);
  expect(status).toBe(400);
  expect(text).toMatch(`<Code>${code}</Code>`);
  expect(text).toContain(message);
});

test('An unsigned request is refused in XML', async () => {
  const { status, text } = await post('Action=GetCallerIdentity&Version=2011-06-15', {});
  expect(status).toBe(403);
  expect(text).toContain('<Code>MissingAuthenticationToken</Code>');
});

test('Text is escaped, and control characters that XML cannot have are replaced', async () => {
  const { text } = await post(`Action=DescribeStacks&Version=2010-05-15&StackName=${encodeURIComponent('<a>&\u0001')}`);
  expect(text).toContain('Stack with id &lt;a&gt;&amp;\ufffd does not exist');
});

test('Throttling has CloudFormation’s code', async () => {
  account.controlPlane.faults.throttledOf = 1;
  await expect(account.cloudFormation.describeStacks({})).rejects.toMatchObject({ name: 'Throttling' });
  account.controlPlane.faults.throttledOf = 0;
});
