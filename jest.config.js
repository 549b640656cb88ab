const { availableParallelism } = require('node:os');

// The templates are validated once, by `npm run synth`; in unit tests CloudFormation's validation would cost each process a second.
process.env.CDK_VALIDATION = 'false';
// As scripts/quiet-sdk.ts.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

module.exports = {
  testEnvironment: 'node',
  // Jest would leave one core idle. Here is one worker more than there are cores, as some tests wait for processes of their own.
  maxWorkers: availableParallelism() + 1,
  testTimeout: 15_000,
  // In Jest's sandbox every use of a global is looked up, unless it is named here; random numbers in loops use this one.
  sandboxInjectedGlobals: ['Math'],
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
};
