#!/usr/bin/env node
import { App } from 'aws-cdk-lib/core';
import { accountTarget } from '../lib/devices/account-target';
import { addFleet, withoutCreationStacks } from '../lib/stacks/app';

async function main(): Promise<void> {
  // Synthesized here and not when the process ends: an app that could not be built must not leave half of itself in cdk.out.
  const app = new App({ autoSynth: false, context: withoutCreationStacks });
  await addFleet(app, { target: accountTarget() });
  app.synth();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
