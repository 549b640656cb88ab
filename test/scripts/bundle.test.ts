import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../lib/fleet/project';
import { npmScript, scriptNames } from '../support/npm-script';
import { temporaryFolder } from '../support/temporary-folder';

const temporary = temporaryFolder();
const longAgo = new Date('2020-01-01T00:00:00Z');
let projects = 0;

/** A small project with a script, which imports one file, and requires another one late. */
class SmallProject {
  readonly path: string;
  readonly cache: string;

  constructor(name = `project${++projects}`) {
    const path = join(temporary, name);
    this.path = path;
    this.cache = join(path, 'node_modules', '.cache', 'iot-shared-subscriptions');
    for (const file of ['package.json', 'tsconfig.json', 'scripts/bundle.cjs', 'scripts/node-version.cjs']) {
      cpSync(join(projectRoot, file), join(path, file));
      utimesSync(join(path, file), longAgo, longAgo);
    }
    mkdirSync(join(path, 'node_modules'));
    symlinkSync(join(projectRoot, 'node_modules', 'esbuild'), join(path, 'node_modules', 'esbuild'), 'dir');
    this.write('lib/greeting.ts', "export const greeting: string = 'Hello';\n");
    this.write('lib/late.ts', "export const late: string = 'late';\n");
    this.write(
      'scripts/greet.ts',
      `import { greeting } from '../lib/greeting';
       const { late } = require('../lib/late') as typeof import('../lib/late');
       console.log(greeting, late, ...process.argv.slice(2));\n`,
    );
  }

  /** Writes a source as it would be a while after: a bundle of a source that has just changed is not kept. */
  write(path: string, content: string): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    utimesSync(file, longAgo, longAgo);
  }

  /** Starts a script as npm does. */
  start(script = 'greet', args: readonly string[] = []) {
    const command = ['--require', './scripts/bundle.cjs', `scripts/${script}.ts`, ...args];
    return spawnSync(process.execPath, command, { cwd: this.path, encoding: 'utf8' });
  }

  /** What the script prints. @throws Error if it fails, with its reason */
  says(...args: string[]): string {
    const { status, stdout, stderr } = this.start('greet', args);
    if (status !== 0 || stderr !== '') throw new Error(`Exit code ${status}: ${stderr}`);
    return stdout.trimEnd();
  }

  /** The file of the script's bundle. */
  get kept(): string {
    return join(this.cache, 'scripts%2Fgreet.ts');
  }
}

test('A script runs with its arguments and all that it imports, also late', () => {
  expect(new SmallProject().says('a b', '--c')).toBe('Hello late a b --c');
});

test('A bundle is kept, and run as long as its sources are the same', () => {
  const project = new SmallProject();
  expect(project.says()).toBe('Hello late');
  const { ino, mtimeMs } = statSync(project.kept);
  // Without esbuild no other bundle can be made.
  const esbuild = join(project.path, 'node_modules', 'esbuild');
  rmSync(esbuild);
  cpSync(join(projectRoot, 'node_modules', 'esbuild', 'package.json'), join(esbuild, 'package.json'));
  expect(project.says()).toBe('Hello late');
  expect(statSync(project.kept)).toMatchObject({ ino, mtimeMs });
});

describe('changes', () => {
  test.each([
    ['a source that is imported', 'lib/greeting.ts', "export const greeting: string = 'Salut';\n", 'Salut late'],
    ['a source that is required late', 'lib/late.ts', "export const late: string = 'tard';\n", 'Hello tard'],
    ['the script', 'scripts/greet.ts', "console.log('short');\n", 'short'],
  ])(
    'A change of %s is seen at the next start, even if its size and its time stay the same',
    (_, file, content, said) => {
      const project = new SmallProject();
      expect(project.says()).toBe('Hello late');
      project.write(file, content);
      expect(project.says()).toBe(said);
      // Now from the bundle that replaced the first one.
      expect(project.says()).toBe(said);
      expect(readdirSync(project.cache)).toEqual(['scripts%2Fgreet.ts']);
    },
  );

  test('Each change of a source is seen that follows shortly after another one', () => {
    const project = new SmallProject();
    for (let edit = 0; edit < 5; edit += 1) {
      writeFileSync(join(project.path, 'lib/late.ts'), `export const late: string = '${edit}';\n`);
      expect(project.says()).toBe(`Hello ${edit}`);
    }
    // esbuild might have read a text that changed before the checksum was made.
    expect(existsSync(project.kept)).toBe(false);
  });

  test('A source that is new, or is deleted, or comes back is seen at the next start', () => {
    const project = new SmallProject();
    expect(project.says()).toBe('Hello late');
    project.write('lib/greeting.ts', "export { greeting } from './new';\n");
    project.write('lib/new.ts', "export const greeting: string = 'New';\n");
    expect(project.says()).toBe('New late');
    rmSync(join(project.path, 'lib/new.ts'));
    const { status, stdout, stderr } = project.start();
    expect(stderr).toMatch(/lib\/greeting\.ts:1:\d+: ERROR: Could not resolve "\.\/new"/);
    expect([status, stdout]).toEqual([1, '']);
    project.write('lib/new.ts', "export const greeting: string = 'Again';\n");
    expect(project.says()).toBe('Again late');
  });

  test('A change of tsconfig.json is seen at the next start', () => {
    const project = new SmallProject();
    project.write(
      'scripts/greet.ts',
      'class Base { set x(value: number) { console.log("set"); } }\nclass Derived extends Base { x = 1; }\nnew Derived();\nconsole.log("end");\n',
    );
    project.write('tsconfig.json', '{ "compilerOptions": { "target": "ES2022", "useDefineForClassFields": true } }');
    expect(project.says()).toBe('end');
    project.write('tsconfig.json', '{ "compilerOptions": { "target": "ES2022", "useDefineForClassFields": false } }');
    expect(project.says()).toBe('set\nend');
  });
});

test.each<[string, (text: string) => string]>([
  ['empty', () => ''],
  ['cut off in its head', (text) => text.slice(0, 40)],
  ['cut off after its head', (text) => text.slice(0, text.indexOf('\n') + 1)],
  ['cut off in its code', (text) => text.slice(0, -100)],
  ['changed', (text) => text.replace('Hello', 'Hallo')],
  ['something else', () => 'console.log("something else")\n'],
  ['JSON without a checksum', (text) => `null${text.slice(text.indexOf('\n'))}`],
])('A kept bundle that is %s is not run, but replaced', (_, damage) => {
  const project = new SmallProject();
  project.says();
  const whole = readFileSync(project.kept, 'utf8');
  writeFileSync(project.kept, damage(whole));
  expect(project.says()).toBe('Hello late');
  expect(readFileSync(project.kept, 'utf8')).toBe(whole);
});

test.each<[string, (project: SmallProject) => void]>([
  ['the folder cannot be made', ({ path }) => writeFileSync(join(path, 'node_modules', '.cache'), '')],
  ['a folder has its name', ({ kept }) => mkdirSync(kept, { recursive: true })],
])('A script runs where its bundle cannot be kept: %s', (_, prepare) => {
  const project = new SmallProject();
  prepare(project);
  expect(project.says()).toBe('Hello late');
  expect(project.says()).toBe('Hello late');
});

test('Ten starts at once without a kept bundle all run, and leave one that is whole', async () => {
  const project = new SmallProject();
  const command = ['--require', './scripts/bundle.cjs', 'scripts/greet.ts'];
  const outcomes = Array.from({ length: 10 }, async () => {
    const child = spawn(process.execPath, command, { cwd: project.path });
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return [exitCode, stdout, stderr];
  });
  for (const outcome of outcomes) expect(await outcome).toEqual([0, 'Hello late\n', '']);
  expect(readdirSync(project.cache)).toEqual(['scripts%2Fgreet.ts']);
  const whole = readFileSync(project.kept, 'utf8');
  expect(project.says()).toBe('Hello late');
  expect(readFileSync(project.kept, 'utf8')).toBe(whole);
}, 30_000);

describe('stack traces', () => {
  const fault = `export function fail(): never {

  throw new Error('a fault');
}
`;

  test('The stack trace of an error that ends the script names the TypeScript', () => {
    const project = new SmallProject();
    project.write('lib/fault.ts', fault);
    project.write('scripts/greet.ts', "import { fail } from '../lib/fault';\n\nsetImmediate(() => {\n  fail();\n});\n");
    const { status, stderr } = project.start();
    expect(stderr).toContain(`${join(project.path, 'lib', 'fault.ts')}:3\n  throw new Error('a fault');\n`);
    expect(stderr).toContain(`at fail (${join(project.path, 'lib', 'fault.ts')}:3:9)\n`);
    expect(stderr).toContain(`(${join(project.path, 'scripts', 'greet.ts')}:4:3)\n`);
    expect(status).toBe(1);
  });

  test('A script runs, and its stack traces name the TypeScript, in a folder with odd characters, through a link to it, and from another folder', () => {
    const project = new SmallProject('a # b %41 ü');
    const link = join(temporary, 'link');
    symlinkSync(project.path, link, 'dir');
    project.write('lib/fault.ts', fault);
    project.write(
      'scripts/greet.ts',
      "import { fail } from '../lib/fault';\ntry {\n  fail();\n} catch (error) {\n  console.log((error as Error).stack);\n}\n",
    );
    const command = ['--require', join(link, 'scripts', 'bundle.cjs'), join(link, 'scripts', 'greet.ts')];
    for (const _ of ['made', 'kept']) {
      const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: '/', encoding: 'utf8' });
      expect(stdout).toContain(`at fail (${join(project.path, 'lib', 'fault.ts')}:3:9)\n`);
      expect(stdout).toContain(`${join(project.path, 'scripts', 'greet.ts')}:3:3`);
      expect(stderr).toBe('');
    }
    expect(readdirSync(project.cache)).toEqual(['scripts%2Fgreet.ts']);
  });
});

test('Source that is no TypeScript ends the script with its file and line', () => {
  const project = new SmallProject();
  project.write('lib/late.ts', 'export const late = ;\n');
  const { status, stdout, stderr } = project.start();
  expect(stderr).toContain('lib/late.ts:1:20: ERROR: Unexpected ";"');
  expect([status, stdout]).toEqual([1, '']);
});

test('The scripts have the same help from their bundles as through tsx', () => {
  const helpOfAll = (loader: string) => {
    const program = `
      process.argv = [process.execPath, 'script', '--help'];
      for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
      for (const name of ${JSON.stringify(scriptNames)}) {
        console.log(name + ':');
        require('./scripts/' + name + '.ts');
      }`;
    const command = ['--require', loader, '--eval', program];
    return spawnSync(process.execPath, command, { cwd: projectRoot, encoding: 'utf8', timeout: 100_000 });
  };
  const { status, stdout, stderr } = helpOfAll('./scripts/bundle.cjs');
  expect(stdout.match(/^\w+:\nUsage: npm /gm)).toHaveLength(scriptNames.length);
  expect([status, stderr]).toEqual([0, '']);
  expect(helpOfAll('tsx/cjs')).toMatchObject({ status, stdout, stderr });
  // On a clean clone, a bundle of each script is made here.
}, 120_000);

test('npm runs each script of the project from its bundle', () => {
  expect(scriptNames).toEqual(expect.arrayContaining(['start', 'local', 'test', 'bench']));
  for (const name of scriptNames) {
    expect(npmScript(name)).toEqual(['--require', './scripts/bundle.cjs', `scripts/${name}.ts`]);
  }
});

test('A script from a bundle loads late what it requires late: the help of npm start needs no CDK', () => {
  const tracer = join(temporary, 'tracer.cjs');
  const print = 'process._rawDebug(Object.keys(require.cache).join("\\n"))';
  writeFileSync(tracer, `process.once('exit', () => ${print});`);
  const command = ['--require', tracer, ...npmScript('start', '--help')];
  const { stderr } = spawnSync(process.execPath, command, { cwd: projectRoot, encoding: 'utf8' });
  const loaded = stderr.replaceAll('\\', '/');
  expect(loaded).toContain('/node_modules/mqtt/');
  expect(loaded).not.toContain('/node_modules/aws-cdk-lib/');
});

test('Only these sources use what has another meaning in a bundle, and say why', () => {
  const sources = ['lib', 'scripts', 'benchmarks'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name).replaceAll('\\', '/')),
  );
  const word = /\b(__dirname|__filename|require\.main|require\.resolve|import\.meta)\b/;
  expect(sources.filter((file) => word.test(readFileSync(join(projectRoot, file), 'utf8'))).sort()).toEqual([
    // The app that the synthesis is compared with. It runs through tsx.
    'benchmarks/bench/synthesis/plain-app.ts',
    // It looks for package.json from there upwards.
    'lib/fleet/project.ts',
    // Any folder of the project will do.
    'lib/iot-core-local/cloudformation/lambda/lambda.ts',
  ]);
});
