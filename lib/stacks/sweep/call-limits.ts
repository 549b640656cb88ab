/**
 * How the sweep's clients call AWS. A call that hangs must not use up the time of the others.
 *
 * The sweep makes one call after another, so the standard mode's waits are enough. The adaptive mode also slows down all later calls, to one in
 * two seconds in the end, when somebody else uses up the account's rate: with one call of seven throttled, the sweep of 30 devices took 64
 * seconds with the standard mode, and had not ended after 160 with the adaptive one.
 *
 * Since late 2025 the SDK only logs that a call exceeds its request timeout, unless it is told to throw.
 *
 * @see https://github.com/smithy-lang/smithy-typescript/blob/main/packages/types/src/http/httpHandlerInitialization.ts
 */
export const callLimits = {
  retryMode: 'standard',
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
} as const;
