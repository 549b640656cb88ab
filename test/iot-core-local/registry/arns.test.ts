import { isRegion } from '../../../lib/iot-core-local/registry/arns';

test.each(['us-east-1', 'ap-southeast-7', 'us-gov-west-1', 'cn-north-1', 'us-isob-east-1', 'eusc-de-east-1'])(
  '%s can be the name of a Region',
  (text) => {
    expect(isRegion(text)).toBe(true);
  },
);

test.each([
  '',
  'us-east',
  'us-east-1a',
  'US-EAST-1',
  'unknown-region',
  'aws-global',
  '*',
  'us-*-1',
  ' us-east-1',
  'us-east-1\n',
])('%j cannot be the name of a Region', (text) => {
  expect(isRegion(text)).toBe(false);
});
