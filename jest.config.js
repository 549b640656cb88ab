const { availableParallelism } = require('node:os');

// `npm test` validates the templates once, by `cdk synth`. Here CloudFormation's validation would cost each process a second.
process.env.CDK_VALIDATION = 'false';
// As scripts/quiet-sdk.ts.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

module.exports = {
  testEnvironment: 'node',
  // Jest's default leaves one core idle. One worker more than there are cores is faster, as some tests wait for processes that they start.
  maxWorkers: availableParallelism() + 1,
  testTimeout: 15_000,
  // Jest's sandbox looks up every global at each use, except those named here. Random numbers in loops use Math.
  sandboxInjectedGlobals: ['Math'],
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // This folder has packages and a configuration of its own.
  testPathIgnorePatterns: ['<rootDir>/test/aws-device-sdk/'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript' },
          // As in tsconfig.json.
          transform: { useDefineForClassFields: false },
        },
      },
    ],
  },
  // Of `npm run coverage`: the files that the tests load. Those that only run in a process of their own are not seen.
  coveragePathIgnorePatterns: ['/node_modules/', '<rootDir>/test/'],
  coverageReporters: [['text', { skipFull: true }], 'text-summary', 'html'],
};
