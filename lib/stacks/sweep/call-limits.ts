import { callTimeouts } from '../../util/call-timeouts';

/**
 * How the sweep's clients call AWS. A call that hangs must not use up the time of the others.
 *
 * The sweep makes one call after another, so the standard mode's waits are enough. The adaptive mode also slows down all later calls, to one in
 * two seconds in the end, when somebody else uses up the account's rate: with one call of seven throttled, the sweep of 30 devices took 64
 * seconds with the standard mode, and had not ended after 160 with the adaptive one.
 */
export const callLimits = {
  retryMode: 'standard',
  maxAttempts: 5,
  requestHandler: callTimeouts,
} as const;
