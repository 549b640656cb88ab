import { readIfThere } from '../../util/atomic-file';
import { isObject } from '../../util/json';
import type { PageEvent } from '../model/events';
import { type Recording, recordingFormat } from '../model/recording';

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => Number.isFinite(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const object = (fields: Fields): Check => {
  return (value) => {
    if (!isObject(value)) return false;
    const isKnown = Object.keys(value).every((key) => Object.hasOwn(fields, key));
    return isKnown && Object.entries(fields).every(([key, check]) => check(value[key]));
  };
};

const status = oneOf('away', 'connecting', 'connected', 'subscribed', 'leaving', 'left', 'killed', 'lost');
const attempt = object({ device: isText, sentence: isText, client: isText, action: isText, resource: isText });
const device = object({
  name: isText,
  clientId: isText,
  role: oneOf('car', 'member', 'consumer'),
  group: optional(isText),
});
const show = object({
  kind: oneOf('live', 'scenario'),
  name: isText,
  caption: isText,
  topic: isText,
  target: oneOf('aws', 'account', 'local'),
  mqtt: oneOf(3, 5),
  qos: oneOf(0, 1),
  devices: listOf(device),
  attempts: listOf(attempt),
  mostPerSecond: isNumber,
});
const tried = object({
  attempt,
  isRefused: isFlag,
  answer: isText,
  reason: optional(isText),
  statement: optional(isText),
});
const verdict = object({ verdict: oneOf('running', 'pass', 'fail'), sentence: isText, details: listOf(isText) });
const measured = object({ title: isText, unit: isText, bars: listOf(object({ name: isText, value: isNumber })) });

/** The fields of each kind of event besides `type`. */
const events: Readonly<Record<PageEvent['type'], Fields>> = {
  show: { show },
  status: { device: isText, status, problem: optional(isText) },
  rate: { perSecond: isNumber, isPaused: isFlag },
  work: { device: isText, milliseconds: isNumber },
  published: { number: isNumber, device: isText, label: isText },
  accepted: { number: isNumber, device: isText },
  arrived: { number: isNumber, device: isText, from: isText, isAgain: isFlag },
  done: { number: isNumber, device: isText },
  step: { sentence: isText },
  measured: { measured },
  tried: { tried },
  verdict: { verdict },
  ended: { sentence: isText },
};

/**
 * Reads a recording that the page has saved.
 *
 * @throws Error naming the file and what is wrong in it
 */
export function readRecording(file: string): Recording {
  const text = readIfThere(file);
  if (text === undefined) throw new Error(`There is no file ${file}.`);
  const fault = (what: string) => new Error(`${file} is not a recording of the page: ${what}.`);
  let recording: Partial<Recording> | null;
  try {
    recording = JSON.parse(text);
  } catch (error) {
    throw fault((error as Error).message);
  }
  if (recording?.format !== recordingFormat) {
    throw fault(`its format is ${JSON.stringify(recording?.format)}, not "${recordingFormat}"`);
  }
  if (!Array.isArray(recording.events)) throw fault('it has no list of events');
  recording.events.forEach((entry: unknown, index) => {
    if (!isEntry(entry)) throw fault(`event ${index + 1} is not as the page saves it`);
  });
  if (recording.events[0]?.[1].type !== 'show') throw fault('its first event is not a show');
  return { format: recordingFormat, isCut: recording.isCut === true, events: recording.events };
}

function isEntry(entry: unknown): boolean {
  if (!Array.isArray(entry) || entry.length !== 2 || !isNumber(entry[0]) || entry[0] < 0) return false;
  const { type } = (entry[1] ?? {}) as { type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(events, type)) return false;
  return object({ type: isText, ...events[type as PageEvent['type']] })(entry[1]);
}
