import type { Import, Module } from './modules';

/** The order of rooms, the highest first. A room imports those of the rows below it, and neither its neighbors in a row nor those above. */
const order = [
  ['test'],
  ['scripts'],
  ['benchmarks', 'bin'],
  ['lib/page', 'lib/rehearsal'],
  ['lib/walk-through', 'lib/targets'],
  ['lib/enrollment', 'lib/stacks'],
  ['lib/devices'],
  ['lib/fleet'],
  ['lib/util'],
];
const rooms = order.flat();

const core = 'lib/iot-core-local';

/** What each part of IoT Core Local, a folder or a file at its top, imports of the others. */
const partsOfCore: Readonly<Record<string, readonly string[]>> = {
  'local-iot-core': ['api', 'broker', 'cloudformation', 'gateway', 'iam', 'log-limiter', 'mqtt', 'quotas', 'registry'],
  api: ['broker', 'cloudformation', 'gateway', 'iam', 'mqtt', 'quotas', 'registry', 'service-error'],
  gateway: ['broker', 'mqtt', 'quotas', 'registry'],
  cloudformation: ['iam', 'registry', 'service-error'],
  iam: ['registry', 'service-error'],
  broker: ['mqtt'],
  registry: ['service-error'],
  mqtt: [],
  quotas: [],
  clocks: [],
  log: [],
  'log-limiter': [],
  'service-error': [],
};

/** What every part of IoT Core Local may import. */
const sharedParts = ['clocks', 'log'];

const cdk = /^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/;
const sdk = /^(@aws-sdk|@smithy)\//;
const network = /^(node:)?(net|tls|http|https|http2|dgram)$/;

interface Rule {
  /** What is allowed, in a sentence. */
  readonly rule: string;
  /** @param from - a file's path from the project's root */
  forbids(from: string, to: Import): boolean;
}

const rules: readonly Rule[] = [
  {
    rule: `Imports point one way: ${order.map((row) => row.join(' and ')).join(' → ')}.`,
    forbids: (from, to) =>
      'file' in to && isIn(from, rooms) && isIn(to.file, rooms) && !pointsDown(from, to.file) && !isForFuzz(from, to),
  },
  {
    rule: 'IoT Core Local imports itself and lib/util alone.',
    forbids: (from, to) => 'file' in to && isIn(from, [core]) && !isIn(to.file, [core, 'lib/util']),
  },
  {
    rule: 'Only lib/targets, benchmarks and tests import IoT Core Local.',
    forbids: (from, to) =>
      'file' in to && isIn(to.file, [core]) && !isIn(from, [core, 'lib/targets', 'benchmarks', 'test']),
  },
  ...Object.entries(partsOfCore).map(([part, others]): Rule => {
    const allowed = [part, ...others, ...sharedParts];
    return {
      rule: `In IoT Core Local, ${part} imports these alone: ${allowed.join(', ')}.`,
      forbids: (from, to) =>
        'file' in to && partOf(from) === part && isIn(to.file, [core]) && !allowed.includes(partOf(to.file)),
    };
  }),
  {
    rule: 'The broker and the codec know no network.',
    forbids: (from, to) => 'package' in to && network.test(to.package) && ['broker', 'mqtt'].includes(partOf(from)),
  },
  {
    rule: 'What of lib/page runs in a browser, and its model, import the model and themselves alone.',
    forbids: (from, to) =>
      isIn(from, ['lib/page/browser', 'lib/page/model']) &&
      !(
        'file' in to &&
        isIn(to.file, ['lib/page/model', ...(isIn(from, ['lib/page/browser']) ? ['lib/page/browser'] : [])])
      ),
  },
  {
    rule: 'Nothing imports what of lib/page runs in a browser.',
    forbids: (from, to) => 'file' in to && isIn(to.file, ['lib/page/browser']) && !isIn(from, ['lib/page/browser']),
  },
  {
    rule: 'Only lib/stacks, bin, tests, and the app that the benchmark compares with import the CDK.',
    forbids: (from, to) =>
      'package' in to &&
      cdk.test(to.package) &&
      !isIn(from, ['lib/stacks', 'bin', 'test', 'benchmarks/bench/synthesis/plain-app.ts']),
  },
  {
    rule: 'Only lib/enrollment, lib/stacks/sweep, lib/rehearsal/account and tests import the AWS SDK.',
    forbids: (from, to) =>
      'package' in to &&
      sdk.test(to.package) &&
      !isIn(from, ['lib/enrollment', 'lib/stacks/sweep', 'lib/rehearsal/account', 'test']),
  },
];

/** A sentence for each import that breaks a rule, and for each file that no rule knows. */
export function violations(modules: readonly Module[]): string[] {
  return modules.flatMap(({ file, imports }) => [
    ...(isKnown(file) ? [] : [`${file} is in no room: name its folder in test/project/imports/rules.ts.`]),
    ...imports.flatMap((to) => {
      const broken = rules.filter(({ forbids }) => forbids(file, to));
      return broken.map(({ rule }) => `${file} imports ${'file' in to ? to.file : to.package}. ${rule}`);
    }),
  ]);
}

/** The folder of IoT Core Local that a file is in, or its own name at the top; elsewhere empty. */
export function partOf(file: string): string {
  return isIn(file, [core]) ? file.slice(core.length + 1).replace(/(\.ts|\/.*)$/, '') : '';
}

function isKnown(file: string): boolean {
  return isIn(file, rooms) || partOf(file) in partsOfCore;
}

function pointsDown(from: string, to: string): boolean {
  const room = (file: string) => rooms.find((each) => isIn(file, [each]));
  const row = (file: string) => order.findIndex((each) => isIn(file, each));
  return room(from) === room(to) || row(from) < row(to);
}

/** npm run fuzz mutates the tables of the tests. */
function isForFuzz(from: string, to: { readonly file: string }): boolean {
  return isIn(from, ['benchmarks/fuzz']) && isIn(to.file, ['test']);
}

function isIn(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => file === folder || file.startsWith(`${folder}/`));
}
