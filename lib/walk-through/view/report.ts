import { escapeControls } from '../../util/escape-controls';
import { grouped } from '../../util/format';
import type { AttemptKind } from '../attempts';
import type { WalkThroughEvent } from '../events';
import type { Result, Scoreboard } from '../scoreboard';
import type { Paint } from './paint';

/** An attempt and its outcome. */
export type TriedEvent = Extract<WalkThroughEvent, { type: 'tried' }>;

const kinds: Record<AttemptKind, (count: number) => string> = {
  listen: (count) => `${counted(count, 'car')} subscribing to the topic`,
  stray: (count) => `${counted(count, 'car')} publishing to another topic`,
  retain: (count) => `${counted(count, 'car')} leaving a retained message`,
  publish: (count) => `${counted(count, 'subscriber')} publishing to the topic`,
  join: (count) => `${counted(count, 'device')} joining another group`,
  bypass: (count) => `${counted(count, 'member')} subscribing without their group`,
  widen: (count) => `${counted(count, 'subscriber')} subscribing to more than theirs`,
  overhear: (count) => `${counted(count, 'subscription')} with + or #`,
  impersonate: (count) => `${counted(count, 'device')} connecting under another's client id`,
  invent: (count) => `${counted(count, 'device')} connecting under nobody's client id`,
  forge: (count) => `${counted(count, 'client')} with another CA's certificate`,
};

const textWidth = 48;
const widest = 70;

/**
 * The refused attempts: a line for each kind, with the server's answers.
 *
 * Where the target says why it refuses, each kind has the reason of its first attempt.
 *
 * @param columns - in fewer columns than {@link widest} the answers follow the text at once
 */
export function refusalLines(tried: readonly TriedEvent[], { good, dim }: Paint, columns = widest): string[] {
  return Object.entries(kinds).flatMap(([kind, describe]) => {
    const refused = tried.filter(({ attempt, outcome }) => attempt.kind === kind && outcome.refused);
    const answers = refused.flatMap(({ outcome }) => (outcome.refused ? [outcome.answer] : []));
    if (answers.length === 0) return [];
    const [{ reason }] = refused;
    const text = describe(answers.length);
    const answer = [...new Set(answers)].join(', ');
    const line = columns < widest ? `${text} ${dim(`(${answer})`)}` : `${text.padEnd(textWidth)} ${dim(answer)}`;
    return [`${good('✓')} ${line}`, ...(reason ? [dim(`  ${escapeControls(reason)}`)] : [])];
  });
}

/** The verdict, its reasons and the remarks, one sentence per line. */
export function verdictLines(scoreboard: Scoreboard, result: Result, { bold, good, bad }: Paint): string[] {
  const { verdict, published, seconds, denied, problems, remarks } = result;
  const passes = verdict === 'pass';
  const refused = passes ? `all ${grouped(denied.tried)}` : `${grouped(denied.refused)} of ${grouped(denied.tried)}`;
  const facts = [
    ...(published > 0 || denied.tried === 0 ? [`${counted(published, 'message')} sent`] : []),
    ...(denied.tried > 0 ? [`${refused} forbidden attempts refused`] : []),
    `${seconds} s in all`,
  ];
  return [
    `${bold(passes ? good('Pass.') : bad('Fail.'))} ${sentenceOf(facts)}`,
    ...(passes ? shares(scoreboard, result) : problems.map((problem) => `${bad('✗')} ${escapeControls(problem)}`)),
    ...remarks.map(escapeControls),
  ];
}

function shares({ run: { fleet } }: Scoreboard, { groups, received, published }: Result): string[] {
  if (published === 0) return [];
  const shared = [...fleet.groups].map(([name, members]) => {
    const { delivered, duplicated, lost } = groups[name];
    const what =
      lost > 0 ? `${delivered} of ${published} messages` : `each message${duplicated === 0 ? ' exactly once' : ''}`;
    return `${name} got ${what}: ${some(members.map(({ thingName }) => `${thingName} ${received[thingName]}`))}.`;
  });
  const consumers = some(fleet.consumers.map(({ thingName }) => thingName));
  return consumers ? [...shared, `${consumers} got every message.`] : shared;
}

/** The first few names. */
function some(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

/** Facts as one sentence. */
function sentenceOf(facts: readonly string[]): string {
  const text = facts.join(', ');
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
