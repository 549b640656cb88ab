#!/usr/bin/env node
import { App } from 'aws-cdk-lib/core';
import { accountTarget } from '../lib/devices/account-target';
import { warningOfOtherRegion } from '../lib/devices/endpoint';
import { devicesRoot } from '../lib/fleet/project';
import { addFleet, withoutCreationStacks } from '../lib/stacks/app';

async function main(): Promise<void> {
  // Synthesized here and not when the process ends: an app that could not be built must not leave half of itself in cdk.out.
  const app = new App({ autoSynth: false, context: withoutCreationStacks });
  const target = accountTarget();
  await addFleet(app, { target });
  app.synth();
  // The CLI prints a construct's warnings for some commands only, and not for destroy.
  const warning = warningOfOtherRegion(process.env.CDK_DEFAULT_REGION, devicesRoot, target);
  if (warning !== undefined) process.stderr.write(`${warning}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
