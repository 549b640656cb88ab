import { CfnOutput, CfnParameter, type Stack } from 'aws-cdk-lib/core';

/**
 * Adds a parameter to a stack whose default and only allowed value is the id of the checkout that synthesizes it.
 *
 * For a stack that is deployed, the CDK's CLI sends each parameter's previous value. So CloudFormation refuses a deployment from another
 * checkout before it changes anything: with other keys, that would replace every certificate of the fleet and delete the devices that the
 * other checkout does not have. With `--no-previous-parameters` the CLI sends no previous value.
 *
 * A stack that was deployed without the parameter has no previous value, and `cdk destroy` sends no parameters. Neither is fenced.
 *
 * @returns a reference to the parameter's value
 */
export function addCheckoutFence(stack: Stack, checkoutId: string): string {
  // No thing name has a dot, so no device can have these ids.
  const parameter = new CfnParameter(stack, 'Fleet.Checkout', {
    description: 'The checkout that holds the keys of the fleet',
    type: 'String',
    default: checkoutId,
    allowedValues: [checkoutId],
    constraintDescription:
      'this stack was deployed from another checkout, which holds the keys of its devices. Deploy from there, or copy its folder devices/aws to this checkout. To take the fleet over, with new keys and certificates for all devices: npx cdk deploy --all --no-previous-parameters',
  });
  new CfnOutput(stack, 'Fleet.CheckoutId', {
    value: parameter.valueAsString,
    description: 'The checkout that holds the keys of the fleet',
  });
  return parameter.valueAsString;
}
