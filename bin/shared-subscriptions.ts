#!/usr/bin/env node
import { App } from 'aws-cdk-lib/core';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { addStacks, stackId } from '../lib/app';
import { TeardownStack } from '../lib/teardown-stack';

/**
 * The CDK notes of each resource which line made it. Of all devices that is the same line, and to find it takes a tenth of the time of a
 * large fleet's synthesis. `cdk --debug` notes it all the same.
 */
const context = { [DISABLE_CREATION_STACK_TRACES]: true };

async function main(): Promise<void> {
  // Synthesized here and not when the process ends: an app that could not be built must not leave half of itself in cdk.out.
  const app = new App({ autoSynth: false, context });
  const { fleetStacks } = await addStacks(app, { target: 'aws' });
  for (const [index, fleetStack] of fleetStacks.entries()) {
    new TeardownStack(app, stackId('Teardown', index), { fleetStack });
  }
  app.synth();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
