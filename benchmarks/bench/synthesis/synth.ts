import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../lib/fleet/project';
import { stackId } from '../../../lib/stacks/fleet-stacks';
import { grouped } from '../../../lib/util/format';
import { hearSignals } from '../../servers/processes';
import { median, medianRatio } from '../../statistics';
import type { Table } from '../table';
import { type SynthProject, setUpProject, sweepCodeIn } from './synth-project';

/** A way to run an app that makes the stacks. */
interface Contender {
  readonly name: string;
  /** The folder that it runs in. */
  folder(project: SynthProject): string;
  /** Its command, as `app` in cdk.json. */
  command(project: SynthProject): string;
}

const ours: Contender = {
  name: 'this project',
  folder: ({ project }) => project,
  command: () => JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')).app,
};
const plain: Contender = {
  name: 'the plain app',
  folder: (project) => project.plain,
  command: ({ stacksFile }) => `node --require tsx/cjs bin/app.ts ${stacksFile}`,
};
const asInit: Contender = {
  name: 'the plain app, run as cdk init does',
  folder: (project) => project.plain,
  command: ({ stacksFile }) => `npx tsc && npx tsx bin/app.ts ${stacksFile}`,
};

/** What the plain app is, in the notes. */
const plainly = 'the same stacks written with aws-cdk-lib alone';

interface Run {
  readonly seconds: number;
  /** The peak memory of the app's own process. */
  readonly megabytes: number;
}

/**
 * Compares synthesis with that of the plain app, and with the way in which `cdk init` runs an app, and measures fleets of up to 10,000
 * devices.
 *
 * @param folder - one of the benchmark's own
 */
export async function benchmarkSynth({ folder, quick }: { folder: string; quick: boolean }): Promise<Table[]> {
  const demo = await setUpProject(folder, 5);
  requireSameTemplates(demo);
  const tables = [await compareCommands(demo, quick ? 2 : 7)];
  const rows: Awaited<ReturnType<typeof measureFleet>>[] = [];
  for (const devices of quick ? [5, 100, 1_000] : [5, 100, 1_000, 10_000]) {
    rows.push(await measureFleet(await setUpProject(folder, devices), quick || devices > 1_000 ? 1 : 3));
  }
  tables.push({
    title: 'The app’s process alone, for fleets of different sizes',
    columns: ['devices', 'stacks', 'seconds', 'plain', 'ours ÷ plain', 'MB', 'plain ', 'ms per added device'],
    rows: rows.map(({ row, perDevice }, index) => [...row, index === 0 ? undefined : perDevice(rows[index - 1])]),
    notes: [
      'A fleet stack and its teardown stack count as two. Both apps include the CDK’s validation of the templates.',
      '"ms per added device" is the cost of each device that this fleet has beyond the fleet above. The keys exist, and the project checks them.',
      `"Plain" is ${plainly}.`,
      quick ? 'One run each.' : 'Medians of three runs each, in turn; one of 10,000 devices.',
    ],
  });
  return tables;
}

async function compareCommands(project: SynthProject, runs: number): Promise<Table> {
  const contenders = [ours, plain, asInit];
  const ways: readonly ((contender: Contender) => number)[] = [
    (contender) => cdkSynth(contender, project),
    (contender) => runApp(contender, project).seconds,
    (contender) => runApp(contender, project, { CDK_VALIDATION: 'false' }).seconds,
  ];
  const seconds = contenders.map(() => ways.map((): number[] => []));
  for (let run = 0; run < runs; run += 1) {
    for (const [index, contender] of contenders.entries()) {
      for (const [way, measure] of ways.entries()) {
        seconds[index][way].push(measure(contender));
        await hearSignals();
      }
    }
  }
  return {
    title: 'cdk synth of the blog post’s fleet, in seconds',
    columns: ['app', 'cdk synth', 'ours ÷ this', 'the app alone', 'ours ÷ this ', 'not validated', 'ours ÷ this  '],
    rows: contenders.map(({ name }, index) => [
      name,
      ...ways.flatMap((_, way) => [
        median(seconds[index][way]),
        `${medianRatio(seconds[0][way], seconds[index][way]).toFixed(2)}×`,
      ]),
    ]),
    notes: [
      '"Ours ÷ this" is this project’s seconds divided by this app’s: below 1, this project is faster.',
      `Medians of ${runs} runs each, in turns. The plain app is ${plainly}; the templates of both apps are the same to the byte.`,
      'The last columns leave out the CDK’s validation of the templates (CDK_VALIDATION=false), which takes most of the time of each app.',
    ],
  };
}

async function measureFleet(project: SynthProject, runs: number) {
  const results = { ours: [] as Run[], plain: [] as Run[] };
  for (let run = 0; run < runs; run += 1) {
    results.ours.push(runApp(ours, project));
    results.plain.push(runApp(plain, project));
    await hearSignals();
  }
  const of = (figures: readonly Run[], figure: keyof Run) => figures.map((run) => run[figure]);
  const seconds = median(of(results.ours, 'seconds'));
  const { devices, stacks } = project;
  return {
    devices,
    seconds,
    row: [
      grouped(devices),
      stacks * 2,
      seconds,
      median(of(results.plain, 'seconds')),
      `${medianRatio(of(results.ours, 'seconds'), of(results.plain, 'seconds')).toFixed(2)}×`,
      median(of(results.ours, 'megabytes')),
      median(of(results.plain, 'megabytes')),
    ],
    perDevice: (smaller: { devices: number; seconds: number }) =>
      ((seconds - smaller.seconds) * 1000) / (devices - smaller.devices),
  };
}

/** Runs the app as the CDK's CLI does. */
function runApp(contender: Contender, project: SynthProject, env: NodeJS.ProcessEnv = {}): Run {
  const outdir = outdirOf(contender, project);
  const memoryFile = join(project.project, 'memory');
  rmSync(outdir, { recursive: true, force: true });
  const start = performance.now();
  execFileSync(contender.command(project), {
    shell: true,
    cwd: contender.folder(project),
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ...env,
      CDK_OUTDIR: outdir,
      // The CLI uses this file for a context that is too long for the environment.
      CONTEXT_OVERFLOW_LOCATION_ENV: project.contextFile,
      MEMORY_FILE: memoryFile,
      NODE_OPTIONS: `--require "${join(projectRoot, 'benchmarks', 'bench', 'synthesis', 'report-memory.cjs')}"`,
    },
  });
  return {
    seconds: (performance.now() - start) / 1000,
    megabytes: (Number(readFileSync(memoryFile)) * 1024) / 1_000_000,
  };
}

/** @returns seconds */
function cdkSynth(contender: Contender, project: SynthProject): number {
  const cdk = join(projectRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const args = [cdk, 'synth', '--quiet', '--app', contender.command(project), '--output', outdirOf(contender, project)];
  const start = performance.now();
  execFileSync(process.execPath, args, { cwd: contender.folder(project), stdio: ['ignore', 'ignore', 'pipe'] });
  return (performance.now() - start) / 1000;
}

/** @throws Error when the templates differ: then the times of the two apps cannot be compared */
function requireSameTemplates(project: SynthProject): void {
  runApp(ours, project);
  const teardown = join(outdirOf(ours, project), `${stackId('Teardown', 0)}.template.json`);
  writeFileSync(project.codeFile, sweepCodeIn(JSON.parse(readFileSync(teardown, 'utf8'))));
  runApp(plain, project);
  const [folder, other] = [outdirOf(ours, project), outdirOf(plain, project)];
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.template.json'))) {
    const [template, plainTemplate] = [folder, other].map((path) => readFileSync(join(path, name), 'utf8'));
    if (template !== plainTemplate) throw new Error(`The plain app's ${name} is not the project's.`);
  }
}

function outdirOf({ name }: Contender, { root }: SynthProject): string {
  return join(root, `out of ${name}`);
}
