import { Template } from 'aws-cdk-lib/assertions';
import { partsOf } from '../../lib/fleet/fleet-parts';
import { bindParameters, parametersIn } from '../../lib/iot-core-local/cloudformation/template/parameters';
import { addStacks } from '../../lib/stacks/fleet-stacks';
import { fleetWith } from '../support/demo-fleet';
import { newApp } from '../support/new-app';
import { requestsOf } from '../support/synthesized-app';

const fleet = fleetWith();

/** The parameters of the fleet's stack and of its teardown stack, as a checkout synthesizes them. */
function parametersOf(checkoutId: string): object[] {
  const { fleetStacks, teardownStacks } = addStacks(newApp(), {
    parts: partsOf(fleet),
    csrs: requestsOf(fleet),
    checkoutId,
  });
  return [...fleetStacks, ...teardownStacks].map((stack) => Template.fromStack(stack).toJSON().Parameters);
}

const [ours, theirs] = ['0000000000000001', '0000000000000002'];

/** What CloudFormation does with the value that a deployed stack has, when the template of another deployment comes. */
function deploy(template: object, previous?: string): unknown {
  const given = new Map(previous === undefined ? [] : [['FleetCheckout', previous]]);
  return bindParameters(parametersIn(template), given).get('FleetCheckout');
}

describe.each([
  ['fleet’s', 0],
  ['teardown', 1],
])('the %s stack', (_name, index) => {
  const [ourTemplate, theirTemplate] = [parametersOf(ours)[index], parametersOf(theirs)[index]];

  test('The checkout that deployed a stack can deploy it again', () => {
    expect(deploy(ourTemplate)).toBe(ours);
    expect(deploy(ourTemplate, ours)).toBe(ours);
  });

  test('Another checkout is refused, and told the ways out', () => {
    expect(() => deploy(theirTemplate, ours)).toThrow(
      /^Parameter FleetCheckout failed to satisfy constraint: this stack was deployed from another checkout, .* Deploy from there, or copy its folder devices\/aws .* --no-previous-parameters$/,
    );
  });

  test('Another checkout takes the fleet over when no previous value is sent', () => {
    expect(deploy(theirTemplate)).toBe(theirs);
    expect(() => deploy(ourTemplate, theirs)).toThrow('deployed from another checkout');
  });
});
