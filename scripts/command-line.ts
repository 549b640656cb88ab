import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** What a command tells of itself. `--help` and `-h` need no mention: every command has them. */
export interface Command<O extends Options> {
  /** The help text, shown as it stands. */
  readonly usage: string;
  /** The options, as node:util's parseArgs takes them. */
  readonly options: O;
  /** @default false - an argument that is no option is an error */
  readonly allowPositionals?: boolean;
}

/** A command line that cannot be understood. Exit code 2, so that it is never taken for a failed verdict (1). */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * The frame of every script: reads the arguments, answers `--help`, runs `main`, and makes the number that it returns the exit code.
 *
 * Whatever goes wrong ends as one line on stderr and exit code 1 (2 for a bad command line). `DEBUG=1` adds the stack trace.
 */
export async function runCommand<const O extends Options>(
  name: string,
  command: Command<O>,
  main: (values: Values<O>, positionals: string[]) => number | Promise<number>,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  try {
    const { values, positionals } = parse(command, args);
    if ('help' in values && values.help) {
      process.stdout.write(`${command.usage.trim()}\n`);
    } else {
      process.exitCode = await main(values, positionals);
    }
  } catch (error) {
    const hint = error instanceof UsageError ? ` See npm run ${name} -- --help.` : '';
    process.stderr.write(`${name}: ${oneLine(error)}${hint}\n`);
    if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/**
 * An option's value, when it is one of those that the option can have.
 *
 * @throws UsageError otherwise
 */
export function oneOf<const Choice extends string>(option: string, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new UsageError(`--${option} is ${choices.join(' or ')}, not "${value}".`);
  return choice;
}

/**
 * A port from an option's value; 0 stands for one that is free.
 *
 * @throws UsageError when it is none
 */
export function portNumber(option: string, value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) {
    throw new UsageError(`--${option} is a number from 0 to 65535, not "${value}".`);
  }
  return port;
}

function parse<const O extends Options>({ options, allowPositionals = false }: Command<O>, args: readonly string[]) {
  try {
    return parseArgs({ args, allowPositionals, options: { ...options, help: { type: 'boolean', short: 'h' } } as O });
  } catch (error) {
    // parseArgs ends some of its messages with a full stop and advice on further lines, and others with neither.
    const [sentence] = (error as Error).message.split(/\.?\n/);
    throw new UsageError(`${sentence}.`);
  }
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.replace(/\s*\n\s*/g, ' ');
}

// `npm run keys | head -1` closes the pipe early; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
