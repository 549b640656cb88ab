import { partitionOf } from '../../lib/stacks/partition';

test.each([
  ['us-east-1', 'aws', 'amazonaws.com'],
  ['mx-central-1', 'aws', 'amazonaws.com'],
  ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
])('The Region %s is in the partition %s, whose URLs end in %s', (region, partition, urlSuffix) => {
  expect(partitionOf(region)).toEqual({ partition, urlSuffix });
});

test.each([
  ['eu-west-9', 'aws'],
  ['us-gov-south-1', 'aws-us-gov'],
  ['us-isob-south-1', 'aws-iso-b'],
  ['cn-west-1', 'aws-cn'],
])(
  'The Region %s, which is in no table yet, is in the partition of those that begin alike: %s',
  (region, partition) => {
    expect(partitionOf(region)?.partition).toBe(partition);
  },
);

test.each(['eusc-fr-west-1', 'mars-north-1', 'us-isox-east-1'])(
  'The partition of the Region %s is not known',
  (region) => {
    expect(partitionOf(region)).toBeUndefined();
  },
);
