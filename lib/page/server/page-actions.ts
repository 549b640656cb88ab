import type { PageAction } from '../model/actions';
import { ActionError } from '../shows/show';

type Kind = PageAction['do'];
type Field = 'device' | 'name' | 'perSecond' | 'milliseconds' | 'attempt';

/** The fields of each action besides `do`. */
const fieldsOf: Readonly<Record<Kind, readonly Field[]>> = {
  rate: ['perSecond'],
  pause: [],
  resume: [],
  send: ['device'],
  slow: ['device', 'milliseconds'],
  kill: ['device'],
  revive: ['device'],
  leave: ['device'],
  join: ['device'],
  try: ['attempt'],
  live: [],
  scenario: ['name'],
  replay: [],
};

const isField: Readonly<Record<Field, (value: unknown) => boolean>> = {
  device: isName,
  name: isName,
  perSecond: (value) => Number.isFinite(value),
  milliseconds: (value) => Number.isInteger(value),
  attempt: (value) => Number.isInteger(value),
};

/** An action from the body of a request. @throws ActionError if it is none */
export function actionFrom(body: string): PageAction {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new ActionError('The body of the request is not JSON.');
  }
  if (typeof value !== 'object' || value === null || !('do' in value) || !isKind(value.do)) {
    throw new ActionError(`An action has a "do" that is one of ${Object.keys(fieldsOf).join(', ')}.`);
  }
  const { do: kind, ...rest } = value as Record<string, unknown> & { do: Kind };
  const fields = fieldsOf[kind];
  const unknown = Object.keys(rest).find((key) => !fields.some((field) => field === key));
  if (unknown !== undefined) throw new ActionError(`The action "${kind}" has no field "${unknown}".`);
  const bad = fields.find((field) => !isField[field](rest[field]));
  if (bad !== undefined) throw new ActionError(`The action "${kind}" needs another "${bad}".`);
  return value as PageAction;
}

function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(fieldsOf, value);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 256;
}
