import { type ParseArgsConfig, parseArgs } from 'node:util';
import { didYouMean } from '../lib/util/closest';
import { keptByNpm } from './kept-by-npm';
import { endIfOutputFails } from './output';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** A command's help and options. Every command also has `--help` and `-h`. */
export interface Command<O extends Options> {
  /** The help text, printed unchanged. */
  readonly usage: string;
  /** The options, as node:util's parseArgs takes them. */
  readonly options: O;
  /** @default false - an argument that is not an option is an error */
  readonly allowPositionals?: boolean;
}

/** The option of every command that can take another fleet than cdk.json's. {@link readFleet} reads it. */
export const fleetOption = { fleet: { type: 'string' } } as const;

/**
 * Refuses a fleet of a file where AWS is asked: what is deployed there is the fleet of cdk.json.
 *
 * @param remedy - the option that makes it this machine
 * @throws UsageError
 */
export function requireLocalFleet(file: string | undefined, isLocal: boolean, remedy: string): void {
  if (file === undefined || isLocal) return;
  throw new UsageError(`--fleet is for this machine, and AWS has the fleet of cdk.json: ${remedy}.`);
}

/** A command line that is wrong. Its exit code is 2, so that it is never taken for a failed verdict (1). */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Runs a script: reads the arguments, answers `--help`, runs `main`, and makes the number that it returns the exit code.
 *
 * An error ends as one line on stderr and exit code 1, or 2 for a bad command line. `DEBUG=1` adds the stack trace.
 */
export async function runCommand<const O extends Options>(
  name: string,
  command: Command<O>,
  main: (values: Values<O>, positionals: string[]) => number | Promise<number>,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  endIfOutputFails(name);
  try {
    const kept = keptByNpm(npmCommand(name), name, { ...command.options, help: { type: 'boolean' } }, args);
    if (kept !== undefined) throw new UsageError(kept.endsWith('.') ? kept : `${kept}.`);
    const { values, positionals } = parse(command, args);
    if ('help' in values && values.help) {
      process.stdout.write(`${command.usage.trim()}\n`);
    } else {
      process.exitCode = await main(values, positionals);
    }
  } catch (error) {
    const hint = error instanceof UsageError ? ` See ${npmCommand(name)} -- --help.` : '';
    process.stderr.write(`${name}: ${oneLine(error)}${hint}\n`);
    if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/**
 * An option's value, if it is one of the choices.
 *
 * @throws UsageError otherwise
 */
export function oneOf<const Choice extends string>(option: string, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new UsageError(`--${option} is ${choices.join(' or ')}, not "${value}".`);
  return choice;
}

/** The numbers that an option can have. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  /** @default true - fractions are refused */
  readonly isWhole?: boolean;
}

/**
 * A number from an option's value, in decimal digits.
 *
 * @throws UsageError if it is not a number, or out of range
 */
export function numberIn(option: string, value: string, { least, most, isWhole = true }: NumberRange): number {
  const number = Number(value);
  if (!(isWhole ? /^\d+$/ : /^\d+(\.\d+)?$/).test(value) || number < least || number > most) {
    const kind = isWhole ? 'a whole number' : 'a number';
    throw new UsageError(`--${option} is ${kind} from ${least} to ${most}, not "${value}".`);
  }
  return number;
}

/**
 * A port from an option's value.
 *
 * @param least - 0 if the option means a free port by it, otherwise 1
 * @throws UsageError if it is not a port
 */
export function portNumber(option: string, value: string, least: 0 | 1 = 0): number {
  return numberIn(option, value, { least, most: 65_535 });
}

/** What parseArgs says of an option without its value, and of one that is followed by another option. */
const missingValue = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>)?' argument (?:missing|is ambiguous)/;

function parse<const O extends Options>({ options, allowPositionals = false }: Command<O>, args: readonly string[]) {
  try {
    return parseArgs({ args, allowPositionals, options: { ...options, help: { type: 'boolean', short: 'h' } } as O });
  } catch (error) {
    // parseArgs ends some of its messages with a full stop and advice, some of it on further lines, and others with neither.
    const [, option] = missingValue.exec((error as Error).message) ?? [];
    if (option !== undefined) throw new UsageError(`${option} needs a value.`);
    const [sentence] = (error as Error).message.split(/\.?\n|\. To specify a positional argument /);
    const [, unknown] = /^Unknown option '(--[^']+)'/.exec(sentence) ?? [];
    const names = [...Object.keys(options), 'help'].map((option) => `--${option}`);
    throw new UsageError(`${sentence}.${unknown === undefined ? '' : didYouMean(unknown, names)}`);
  }
}

/** A script as a person starts it: npm has a short form for start. */
function npmCommand(name: string): string {
  return name === 'start' ? 'npm start' : `npm run ${name}`;
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.replace(/\s*\n\s*/g, ' ');
}
