/**
 * How the sweep's clients call AWS. The adaptive mode also slows down later calls. A call that hangs must not use up the time of the others.
 *
 * Since late 2025 the SDK only logs that a call exceeds its request timeout, unless it is told to throw.
 *
 * @see https://github.com/smithy-lang/smithy-typescript/blob/main/packages/types/src/http/httpHandlerInitialization.ts
 */
export const callLimits = {
  retryMode: 'adaptive',
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
} as const;
