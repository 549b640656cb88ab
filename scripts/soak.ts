import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SoakProgress, type SoakResult, soak } from '../lib/soak/soak';
import { runCommand, UsageError } from './command-line';

const usage = `
Usage: npm run soak [-- options]

Has devices publish and subscribe at QoS 1 for minutes, on a stand-in in a process of its own. Members of two groups, and two consumers,
leave and return at random: by DISCONNECT, by losing their connection, by unsubscribing, by a second connection under the same client id.
Then it is seen whether a message was lost, how many came twice, and whether the stand-in holds more memory than at first.

Options:
  --minutes N  (default: 10)
  --devices N  from 10 to 500 (default: 20)
  --rate N     messages a second that all cars publish together (default: 200)
  --seed N     of what happens at random; the moments at which it happens are never the same (default: 1)
  --json       print the result as one JSON object
  --help       this text

Exit code: 0 if nothing was lost and memory is flat, 1 if not, 2 for a bad option.
`;

const options = {
  minutes: { type: 'string', default: '10' },
  devices: { type: 'string', default: '20' },
  rate: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
} as const;

/** Bytes that the stand-in may need more in the last third than in the first: what it holds for who is away at the moment. */
const flat = 2 * 1_048_576;

runCommand('soak', { usage, options }, async ({ json, ...values }) => {
  const folder = mkdtempSync(join(tmpdir(), 'shared-subscriptions-soak-'));
  try {
    const result = await soak({
      minutes: number('minutes', values.minutes, 0.1, 1440),
      devices: Math.floor(number('devices', values.devices, 10, 500)),
      rate: number('rate', values.rate, 1, 10_000),
      seed: Math.floor(number('seed', values.seed, 0, 0xffff_ffff)),
      folder,
      onProgress: (progress) => console.error(progressLine(progress)),
    });
    const problems = problemsOf(result);
    if (json) console.log(JSON.stringify({ ...result, problems }));
    else
      console.log(
        [...summary(result), ...problems, problems.length === 0 ? 'The soak passed.' : 'The soak failed.'].join('\n'),
      );
    return problems.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function number(option: string, value: string, least: number, most: number): number {
  const parsed = Number(value);
  if (value.trim() !== '' && parsed >= least && parsed <= most) return parsed;
  throw new UsageError(`--${option} is a number from ${least} to ${most}, not "${value}".`);
}

function progressLine({ seconds, acknowledged, departures, memory }: SoakProgress): string {
  const counts = `${grouped(acknowledged)} messages, ${grouped(departures)} departures`;
  return `${seconds} s: ${counts}, ${megabytes(memory.needed)} needed, ${megabytes(memory.held)} held`;
}

function summary({ acknowledged, audiences, departures, memory: { first, last } }: SoakResult): string[] {
  const ways = Object.entries(departures).map(([way, count]) => `${grouped(count)} by ${way}`);
  return [
    `${grouped(acknowledged)} messages; departures: ${ways.join(', ')}`,
    ...audiences.map(({ name, lost, doubled }) => `${name}: ${grouped(lost)} lost, ${grouped(doubled)} twice`),
    `Memory needed: ${megabytes(first.needed)} in the first third, ${megabytes(last.needed)} in the last`,
    `Memory held: ${megabytes(first.held)} in the first third, ${megabytes(last.held)} in the last`,
  ];
}

function problemsOf({ audiences, memory: { first, last } }: SoakResult): string[] {
  const losses = audiences.filter(({ lost }) => lost > 0);
  return [
    ...losses.map(({ name, lost }) => `${grouped(lost)} messages never came to ${name}.`),
    ...(last.needed > first.needed + flat ? ['The stand-in needs more and more memory.'] : []),
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
