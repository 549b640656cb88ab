import type { IncomingHttpHeaders } from 'node:http';
import { duplicateKey, isObject, parseJson } from '../../util/json';
import { repeated } from '../../util/repeated';
import type { Location } from '../registry/arns';
import { IotError } from '../registry/iot-error';
import type { Access } from './access';
import type { ApiContext } from './api-context';

/** As AWS's reference writes it: `GET /things/{thingName}/principals?maxResults&nextToken`. */
type Route = `${'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT'} /${string}`;

/** The names in the braces of a route. */
type Label<R extends string> = R extends `${string}{${infer Name}}${infer Rest}` ? Name | Label<Rest> : never;

/** The names behind a route's question mark. */
type QueryName<R extends string> = R extends `${string}?${infer Names}` ? Split<Names> : never;

type Split<S extends string> = S extends `${infer Head}&${infer Tail}` ? Head | Split<Tail> : S;

/** A request for an operation, with its names and values decoded. */
export interface Call<L extends string = string, Q extends string = string> {
  readonly path: Readonly<Record<L, string>>;
  readonly query: Readonly<Partial<Record<Q, string>>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An HTTP request. */
export interface RawRequest {
  readonly method: string;
  /** From the first "/" on. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One operation of AWS's REST API: its route, what a caller must be allowed, and what it does. */
export interface Operation {
  /**
   * Answers a request, if it is for this operation.
   *
   * @param authorize - throws if the caller may not do what the call needs
   * @returns undefined if it is not; otherwise the content of the answer, which becomes JSON
   * @throws IotError, or what `authorize` throws
   */
  answer(
    request: RawRequest,
    context: ApiContext,
    authorize: (needed: readonly Access[]) => void,
  ): { content: unknown } | undefined;
}

/**
 * An operation at a route. The route names the query parameters; any other parameter is refused, even if AWS takes it.
 *
 * @param needs - what a call must be allowed. The action is the operation's own unless another is named
 * @param run - returns the content of the answer, which becomes JSON, or a promise of it
 */
export function operation<R extends Route>(
  route: R,
  needs: (call: Call<Label<R>, QueryName<R>>, location: Location) => readonly Access[],
  run: (call: Call<Label<R>, QueryName<R>>, context: ApiContext) => unknown,
): Operation {
  const [method, pattern, parameters = ''] = route.split(/[ ?]/);
  const queryNames = new Set(parameters.split('&'));
  return {
    answer({ url, headers, body, ...request }, context, authorize) {
      const [path, ...queryTexts] = url.split('?');
      const labels = request.method === method ? labelsIn(path, pattern) : undefined;
      if (!labels) return undefined;
      const query = new URLSearchParams(queryTexts.join('?'));
      const names = [...query.keys()];
      const unknown = names.find((name) => !queryNames.has(name));
      if (unknown !== undefined) {
        throw new IotError(
          'NotImplementedException',
          `IoT Core Local's ${method} ${pattern} does not take "${unknown}".`,
        );
      }
      const twice = repeated(names);
      if (twice !== undefined) {
        throw new IotError('InvalidRequestException', `The request has the parameter "${twice}" twice.`);
      }
      const call = { path: labels, query: Object.fromEntries(query), headers, body } as Call<Label<R>, QueryName<R>>;
      authorize(needs(call, context.registry.location));
      return { content: run(call, context) };
    },
  };
}

/**
 * The fields of a request whose body is a JSON object. Any other field is refused, even if AWS takes it.
 *
 * @param names - the fields that are taken
 */
export function fieldsOf<Name extends string>(
  { body }: Pick<Call, 'body'>,
  ...names: readonly Name[]
): Partial<Record<Name, unknown>> {
  const fields = objectIn(body);
  const other = Object.keys(fields).find((name) => !names.some((known) => known === name));
  if (other === undefined) return fields;
  throw new IotError('NotImplementedException', `IoT Core Local takes ${names.join(', ')} here, and not "${other}".`);
}

function objectIn(body: Buffer): Partial<Record<string, unknown>> {
  const value = jsonIn(body);
  if (isObject(value)) return value;
  throw new IotError('InvalidRequestException', 'The body of the request is not a JSON object.');
}

function jsonIn(body: Buffer): unknown {
  const text = body.toString();
  const value = parsed(text);
  const twice = duplicateKey(text);
  if (twice === undefined) return value;
  throw new IotError('InvalidRequestException', `The body of the request has the key "${twice}" twice in one object.`);
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const reason = error instanceof RangeError ? error.message : 'is not JSON';
    throw new IotError('InvalidRequestException', `The body of the request ${reason}.`);
  }
}

/** The principal that a request names in a header. */
export function principalOf({ headers }: Pick<Call, 'headers'>): string {
  return text(headers['x-amzn-principal'], 'x-amzn-principal');
}

/** A required value of a request, which must be a text that is not empty. */
export function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new IotError('InvalidRequestException', `"${name}" must be text; it is ${JSON.stringify(value)}.`);
}

/** A query parameter that is `true` or `false`. Without it, it is false. */
export function flag(value: string | undefined, name: string): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new IotError('InvalidRequestException', `"${name}" must be true or false; it is ${JSON.stringify(value)}.`);
}

/** A time as AWS's JSON has it: seconds since 1970. */
export function seconds(time: Date): number {
  return time.getTime() / 1000;
}

function labelsIn(path: string, pattern: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (given.length !== wanted.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    if (segment.startsWith('{')) labels[segment.slice(1, -1)] = decode(given[index]);
    else if (segment !== given[index]) return undefined;
  }
  return labels;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new IotError('InvalidRequestException', `"${segment}" in the path is not percent-encoded UTF-8.`);
  }
}
