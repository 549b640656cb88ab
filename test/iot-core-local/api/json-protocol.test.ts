import { useAccount } from '../../support/use-account';

const account = useAccount();

/** A request as the AWS SDK makes one in the JSON protocol. */
function call(target: string, headers: Record<string, string> = { authorization: 'AWS4-HMAC-SHA256' }) {
  return fetch(account.controlPlane.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, ...headers },
    body: '{}',
  });
}

test.each([
  ['AmazonSSM.GetParameter', /^IoT Core Local has no AmazonSSM\.GetParameter\. The CDK's CLI .* bootstrapped account/],
  ['DynamoDB_20120810.ListTables', /^IoT Core Local has no DynamoDB_20120810\.ListTables\.$/],
])('An operation of the JSON protocol, %s, is refused by name, in JSON', async (target, message) => {
  const response = await call(target);
  expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([501, 'NotImplementedException']);
  expect(await response.json()).toEqual({ message: expect.stringMatching(message) });
});

test('An operation of the JSON protocol that is not signed is refused for that', async () => {
  const response = await call('AmazonSSM.GetParameter', {});
  expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
});
