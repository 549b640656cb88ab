import { grouped, megabytes } from '../../lib/util/format';
import { interval, type SoakResult } from './soak';

/** Bytes that IoT Core Local may need in the last third above those in the first: for the messages of subscribers that are away. */
const flat = 2_000_000;

/** The result of a soak, in lines for people. */
export function soakReport(result: SoakResult): string[] {
  const { acknowledged, destinations, departures, memory, isInterrupted } = result;
  const ways = Object.entries(departures).map(([way, count]) => `${grouped(count)} by ${way}`);
  const lost = isInterrupted ? 'still missing' : 'lost';
  return [
    `${grouped(acknowledged)} messages; departures: ${ways.join(', ') || 'none'}`,
    ...destinations.map(
      ({ name, ...counts }) => `${name}: ${grouped(counts.lost)} ${lost}, ${grouped(counts.doubled)} twice`,
    ),
    ...(memory
      ? [
          `Memory needed: ${megabytes(memory.first.needed)} in the first third, ${megabytes(memory.last.needed)} in the last`,
          `Memory held: ${megabytes(memory.first.held)} in the first third, ${megabytes(memory.last.held)} in the last`,
        ]
      : []),
    ...soakProblems(result),
    verdict(result),
  ];
}

/** A sentence for each fault, and for what could not be judged. When a soak is interrupted, missing messages are not lost. */
export function soakProblems({ destinations, memory, isInterrupted }: SoakResult): string[] {
  const losses = isInterrupted ? [] : destinations.filter(({ lost }) => lost > 0);
  return [
    ...losses.map(({ name, lost }) => `${grouped(lost)} messages never came to ${name}.`),
    ...(memory ? [] : [`The soak was too short to judge memory: that takes three samples, ${interval} s apart.`]),
    ...(memory && memory.last.needed > memory.first.needed + flat
      ? ['IoT Core Local needs more and more memory.']
      : []),
  ];
}

function verdict(result: SoakResult): string {
  if (result.isInterrupted) return 'The soak was interrupted.';
  if (soakProblems(result).length === 0) return 'The soak passed.';
  const hasOnlyBeenShort = !result.memory && result.destinations.every(({ lost }) => lost === 0);
  return hasOnlyBeenShort ? 'Nothing was lost.' : 'The soak failed.';
}
