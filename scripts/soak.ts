import { soakProblems, soakReport } from '../benchmarks/soak/report';
import { type SoakProgress, soak } from '../benchmarks/soak/soak';
import { grouped, megabytes } from '../lib/util/format';
import { numberIn, runCommand } from './command-line';
import { inTemporaryFolder, onInterruption } from './interruption';

const usage = `
Usage: npm run soak [-- options]

Runs devices that publish and subscribe at QoS 1 for minutes, against IoT Core Local in a process of its own. The members of two groups and
two consumers leave and return at random: by DISCONNECT, by losing their connection, by unsubscribing, or by a second connection under the
same client id. The report says whether messages were lost, how many came twice, and whether IoT Core Local needs more and more memory.

Options:
  --minutes N  how long it runs (default: 10)
  --devices N  how many devices take part, from 10 to 500 (default: 20)
  --rate N     messages a second of all cars together (default: 200)
  --seed N     the seed of the random choices; their times differ from run to run (default: 1)
  --json       print the result as one JSON object
  --help       this text

Examples:
  npm run soak
  npm run soak -- --minutes 1 --devices 50
  npm run -s soak -- --json

Exit code: 0 if no message was lost and memory is flat; 1 if not, or if the soak was too short to judge memory; 2 for a bad option. Ctrl-C
ends the soak with the result so far and exit code 130, SIGTERM with 143.
`;

const options = {
  minutes: { type: 'string', default: '10' },
  devices: { type: 'string', default: '20' },
  rate: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
} as const;

/** Milliseconds within which an interrupted soak must stop. After them the process ends. */
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
    if (!hasBegun) giveUp(exitCode, 'The soak was interrupted before the first message.');
    interrupted = exitCode;
    interruption.abort();
    setTimeout(giveUp, stopTimeout, exitCode, `The soak did not stop within ${stopTimeout / 1000} s.`).unref();
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
