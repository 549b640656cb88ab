#!/usr/bin/env node
import { App } from 'aws-cdk-lib/core';
import { addStacks, stackId, withoutCreationStacks } from '../lib/stacks/app';
import { TeardownStack } from '../lib/stacks/teardown-stack';

async function main(): Promise<void> {
  // Synthesized here and not when the process ends: an app that could not be built must not leave half of itself in cdk.out.
  const app = new App({ autoSynth: false, context: withoutCreationStacks });
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
