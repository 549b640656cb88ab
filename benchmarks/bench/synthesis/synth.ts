import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../lib/fleet/project';
import { stackId } from '../../../lib/stacks/fleet-stacks';
import { grouped } from '../../../lib/util/format';
import { hearSignals } from '../../servers/processes';
import { median, medianRatio, type Table } from '../table';
import { type SynthProject, setUpProject } from './synth-project';

/** A way of running an app that makes the stacks. */
interface Contender {
  readonly name: string;
  /** The folder that it is run in. */
  folder(project: SynthProject): string;
  /** As cdk.json's `app`. */
  command(project: SynthProject): string;
}

const ours: Contender = {
  name: 'this project',
  folder: ({ project }) => project,
  command: () => JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')).app,
};
const plain: Contender = {
  name: 'the same stacks, plainly',
  folder: (project) => project.plain,
  command: ({ stacksFile }) => `node --require tsx/cjs bin/app.ts ${stacksFile}`,
};
const asInit: Contender = {
  name: 'those, run as cdk init has it',
  folder: (project) => project.plain,
  command: ({ stacksFile }) => `npx tsc && npx tsx bin/app.ts ${stacksFile}`,
};

interface Run {
  readonly seconds: number;
  /** Of the app's own process at its largest. */
  readonly megabytes: number;
}

/**
 * What synthesis costs: beside the same stacks written down with aws-cdk-lib alone, beside the way in which `cdk init` runs an app, and
 * for fleets of up to 10,000 devices.
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
    title: 'The app’s process, for fleets of different sizes',
    columns: ['devices', 'stacks', 'seconds', 'plainly', 'ours ÷ plainly', 'MB', 'plainly ', 'ms a device more'],
    rows: rows.map(({ row, perDevice }, index) => [...row, index === 0 ? undefined : perDevice(rows[index - 1])]),
    notes: [
      'A stack of the fleet and one for its teardown count as two. CloudFormation’s validation of the templates is included, on both sides.',
      '"A device more" is what each device costs that this fleet has more than the one above. The keys are there, and checked by the project.',
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
      '"Ours ÷ this" is this project’s seconds as a multiple of this app’s: below 1, it is faster.',
      `Medians of ${runs} runs each, in turn. The templates of both apps are the same to the byte.`,
      'Most of what all have in common is aws-cdk-lib’s validation of the templates, which the last columns leave out (CDK_VALIDATION=false).',
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

/** Runs the app as the CDK CLI would. */
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
      // Where the CLI puts what is too long for the environment.
      CONTEXT_OVERFLOW_LOCATION_ENV: project.contextFile,
      MEMORY_FILE: memoryFile,
      NODE_OPTIONS: `--require "${join(__dirname, 'report-memory.cjs')}"`,
    },
  });
  return {
    seconds: (performance.now() - start) / 1000,
    megabytes: (Number(readFileSync(memoryFile)) * 1024) / 1_000_000,
  };
}

/** Seconds. */
function cdkSynth(contender: Contender, project: SynthProject): number {
  const cdk = join(projectRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const args = [cdk, 'synth', '--quiet', '--app', contender.command(project), '--output', outdirOf(contender, project)];
  const start = performance.now();
  execFileSync(process.execPath, args, { cwd: contender.folder(project), stdio: ['ignore', 'ignore', 'pipe'] });
  return (performance.now() - start) / 1000;
}

/** @throws Error when the plain app makes other stacks than the project's: then there would be nothing to compare */
function requireSameTemplates(project: SynthProject): void {
  runApp(ours, project);
  writeFileSync(project.codeFile, sweepCode(outdirOf(ours, project)));
  runApp(plain, project);
  const [folder, other] = [outdirOf(ours, project), outdirOf(plain, project)];
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.template.json'))) {
    const [template, plainTemplate] = [folder, other].map((path) => readFileSync(join(path, name), 'utf8'));
    if (template !== plainTemplate) throw new Error(`The plain app's ${name} is not the project's.`);
  }
}

function sweepCode(outdir: string): string {
  const { Resources } = JSON.parse(readFileSync(join(outdir, `${stackId('Teardown', 0)}.template.json`), 'utf8'));
  const resources = Object.values<{ Type: string; Properties: { Code: { ZipFile: string } } }>(Resources);
  return resources.find(({ Type }) => Type === 'AWS::Lambda::Function')!.Properties.Code.ZipFile;
}

function outdirOf({ name }: Contender, { root }: SynthProject): string {
  return join(root, `out of ${name}`);
}
