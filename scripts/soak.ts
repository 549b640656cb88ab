import { soakProblems, soakReport } from '../benchmarks/soak/report';
import { type SoakProgress, soak } from '../benchmarks/soak/soak';
import { grouped, megabytes } from '../lib/util/format';
import { numberIn, runCommand } from './command-line';
import { inTemporaryFolder, onInterruption } from './interruption';

const usage = `
Usage: npm run soak [-- options]

Has devices publish and subscribe at QoS 1 for minutes, on IoT Core Local in a process of its own. Members of two groups, and two consumers,
leave and return at random: by DISCONNECT, by losing their connection, by unsubscribing, by a second connection under the same client id.
Then it is seen whether a message was lost, how many came twice, and whether IoT Core Local holds more memory than at first.

Options:
  --minutes N  (default: 10)
  --devices N  from 10 to 500 (default: 20)
  --rate N     messages a second that all cars publish together (default: 200)
  --seed N     of what happens at random; the moments at which it happens are never the same (default: 1)
  --json       print the result as one JSON object
  --help       this text

Exit code: 0 if nothing was lost and memory is flat, 1 if not or if it was too short to judge memory, 2 for a bad option. Ctrl-C ends it
with the result so far and exit code 130, SIGTERM with 143.
`;

const options = {
  minutes: { type: 'string', default: '10' },
  devices: { type: 'string', default: '20' },
  rate: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
} as const;

/** Milliseconds that the soak has to stop in when it is interrupted: one that hangs is not waited for. */
const stopTimeout = 10_000;

runCommand('soak', { usage, options }, async ({ json, ...values }) => {
  const settings = {
    minutes: numberIn('minutes', values.minutes, { least: 0.1, most: 1440, isWhole: false }),
    devices: numberIn('devices', values.devices, { least: 10, most: 500 }),
    rate: numberIn('rate', values.rate, { least: 1, most: 10_000 }),
    seed: numberIn('seed', values.seed, { least: 0, most: 0xffff_ffff }),
  };
  const interruption = new AbortController();
  let hasBegun = false;
  let interrupted: number | undefined;
  onInterruption((exitCode) => {
    if (!hasBegun) giveUp(exitCode, 'It was interrupted before the first message.');
    interrupted = exitCode;
    interruption.abort();
    setTimeout(giveUp, stopTimeout, exitCode, `It did not stop within ${stopTimeout / 1000} s.`).unref();
  });
  return inTemporaryFolder('soak', async (folder) => {
    const result = await soak({
      ...settings,
      folder,
      signal: interruption.signal,
      onProgress: (progress) => {
        hasBegun = true;
        console.error(progressLine(progress));
      },
    });
    const problems = soakProblems(result);
    console.log(json ? JSON.stringify({ ...result, problems }) : soakReport(result).join('\n'));
    return interrupted ?? (problems.length === 0 ? 0 : 1);
  });
});

function giveUp(exitCode: number, why: string): never {
  console.error(`soak: ${why}`);
  process.exit(exitCode);
}

function progressLine({ seconds, acknowledged, departures, memory }: SoakProgress): string {
  const counts = `${grouped(acknowledged)} messages, ${grouped(departures)} departures`;
  return `${seconds} s: ${counts}, ${megabytes(memory.needed)} needed, ${megabytes(memory.held)} held`;
}
