import { numberIn, oneOf, portNumber, runCommand, UsageError } from '../../scripts/command-line';

const command = {
  usage: '\nUsage: npm run demo\n',
  options: { target: { type: 'string', default: 'aws' }, json: { type: 'boolean' } },
} as const;

let stdout: jest.SpyInstance;
let stderr: jest.SpyInstance;

beforeEach(() => {
  jest.replaceProperty(process, 'env', { ...process.env, DEBUG: '' });
  stdout = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

/** What was written to a stream. */
const textOf = (stream: jest.SpyInstance) => stream.mock.calls.join('');
const outcome = () => [process.exitCode, textOf(stdout), textOf(stderr)];

afterEach(() => {
  jest.restoreAllMocks();
  // Else jest itself would end with the exit code of the last command.
  process.exitCode = undefined;
});

test('A command gets its options, and what it returns is the exit code', async () => {
  const main = jest.fn(() => 7);
  await runCommand('demo', command, main, ['--json']);
  expect(main).toHaveBeenCalledWith({ target: 'aws', json: true }, []);
  expect(outcome()).toEqual([7, '', '']);
});

test('Positionals are passed on where a command takes them', async () => {
  const main = jest.fn(() => 0);
  await runCommand('demo', { ...command, allowPositionals: true }, main, ['one', 'two']);
  expect(main).toHaveBeenCalledWith({ target: 'aws' }, ['one', 'two']);
});

test.each(['--help', '-h'])('%s shows the help and does nothing else', async (flag) => {
  const main = jest.fn(() => 1);
  await runCommand('demo', command, main, [flag]);
  expect(main).not.toHaveBeenCalled();
  expect(outcome()).toEqual([undefined, 'Usage: npm run demo\n', '']);
});

test.each([
  [['--tarket', 'aws'], `Unknown option '--tarket'. Did you mean "--target"?`],
  [['--hlep'], `Unknown option '--hlep'. Did you mean "--help"?`],
  [['--colr'], "Unknown option '--colr'."],
  [['car1'], "Unexpected argument 'car1'. This command does not take positional arguments."],
  [['--target'], '--target needs a value.'],
  [['--target', '--json'], '--target needs a value.'],
])('%j is answered with one line, and exit code 2', async (args, message) => {
  const main = jest.fn(() => 0);
  await runCommand('demo', command, main, args);
  expect(main).not.toHaveBeenCalled();
  expect(outcome()).toEqual([2, '', `demo: ${message} See npm run demo -- --help.\n`]);
});

test('An unknown option is answered in one sentence where positionals are taken, too', async () => {
  await runCommand('demo', { ...command, allowPositionals: true }, () => 0, ['--fast']);
  expect(outcome()).toEqual([2, '', "demo: Unknown option '--fast'. See npm run demo -- --help.\n"]);
});

test('The hint for start is npm’s short form', async () => {
  await runCommand('start', command, () => 0, ['--fast']);
  expect(textOf(stderr)).toBe("start: Unknown option '--fast'. See npm start -- --help.\n");
});

describe('what goes wrong', () => {
  const fail = () => Promise.reject(new Error('The first line\n  and the second.'));

  test('An error is printed in one line, with exit code 1', async () => {
    await runCommand('demo', command, fail, []);
    expect(outcome()).toEqual([1, '', 'demo: The first line and the second.\n']);
  });

  test('An error is printed with its stack trace when DEBUG asks for it', async () => {
    process.env.DEBUG = '1';
    await runCommand('demo', command, fail, []);
    expect(textOf(stderr)).toMatch(/^demo: The first line and the second\.\nError: The first line\n.*\n +at /);
  });
});

test('An option of a few values takes those and no other', () => {
  expect(oneOf('target', 'local', ['aws', 'local'])).toBe('local');
  expect(() => oneOf('target', 'mars', ['aws', 'local'])).toThrow(
    new UsageError('--target is aws or local, not "mars".'),
  );
});

test.each([
  ['10', { least: 10, most: 500 }, 10],
  ['500', { least: 10, most: 500 }, 500],
  ['0.5', { least: 0.1, most: 1440, isWhole: false }, 0.5],
])('%j is a number of %j', (value, range, number) => {
  expect(numberIn('count', value, range)).toBe(number);
});

test.each(['9', '501', '10.5', '-10', '1e2', '0x10', 'many', ' 10', ''])(
  '%j is not a whole number from 10 to 500',
  (value) => {
    const error = new UsageError(`--count is a whole number from 10 to 500, not "${value}".`);
    expect(() => numberIn('count', value, { least: 10, most: 500 })).toThrow(error);
  },
);

test.each(['0', '1441', '.5', '1.', 'Infinity'])('%j is not a number from 0.1 to 1440', (value) => {
  const error = new UsageError(`--count is a number from 0.1 to 1440, not "${value}".`);
  expect(() => numberIn('count', value, { least: 0.1, most: 1440, isWhole: false })).toThrow(error);
});

test('A port is 0 only where any that is free will do', () => {
  expect(portNumber('port', '0')).toBe(0);
  expect(portNumber('port', '65535', 1)).toBe(65_535);
  expect(() => portNumber('port', '0', 1)).toThrow('--port is a whole number from 1 to 65535, not "0".');
  expect(() => portNumber('port', '65536')).toThrow('--port is a whole number from 0 to 65535, not "65536".');
});
