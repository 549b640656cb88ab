import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { App } from 'aws-cdk-lib/core';
import { withoutCreationStacks } from '../../lib/stacks/app';

/** A CDK app whose output is removed after the tests of the file. */
export function newApp(context: Readonly<Record<string, unknown>> = {}): App {
  return new App({ context: { ...context, ...withoutCreationStacks }, analyticsReporting: false, stackTraces: false });
}
