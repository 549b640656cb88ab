/**
 * The times that a client of the AWS SDK waits for a connection and for an answer, in milliseconds. Without them it waits without end where a
 * network drops packets.
 *
 * Since late 2025 the SDK only logs that a call exceeds its request timeout, unless it is told to throw.
 *
 * @see https://github.com/smithy-lang/smithy-typescript/blob/main/packages/types/src/http/httpHandlerInitialization.ts
 */
export const callTimeouts = { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true } as const;
