import type { IncomingHttpHeaders } from 'node:http';
import { IotError } from '../registry/iot-error';
import type { ApiContext } from './api-context';

/** As AWS's reference writes it: `GET /things/{thingName}/principals?maxResults&nextToken`. */
type Route = `${'DELETE' | 'GET' | 'POST' | 'PUT'} /${string}`;

/** The names in the braces of a route. */
type Label<R extends string> = R extends `${string}{${infer Name}}${infer Rest}` ? Name | Label<Rest> : never;

/** The names behind a route's question mark. */
type QueryName<R extends string> = R extends `${string}?${infer Names}` ? Split<Names> : never;

type Split<S extends string> = S extends `${infer Head}&${infer Tail}` ? Head | Split<Tail> : S;

/** A request for an operation, its names and values decoded. */
export interface Call<L extends string = string, Q extends string = string> {
  readonly path: Readonly<Record<L, string>>;
  readonly query: Readonly<Partial<Record<Q, string>>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request as HTTP has it. */
export interface RawRequest {
  readonly method: string;
  /** From the first "/" on. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One operation of AWS's REST: where it is found, and what it does. */
export interface Operation {
  /**
   * Answers a request, if it is one for this operation.
   *
   * @returns undefined when it is not; else what becomes the answer's JSON
   * @throws IotError
   */
  answer(request: RawRequest, context: ApiContext): { content: unknown } | undefined;
}

/**
 * An operation at a route. What its query may hold is in the route: whatever else AWS takes there is refused, not overlooked.
 *
 * @param run answers with what becomes the answer's JSON, or a promise of it
 */
export function operation<R extends Route>(
  route: R,
  run: (call: Call<Label<R>, QueryName<R>>, context: ApiContext) => unknown,
): Operation {
  const [method, pattern, names = ''] = route.split(/[ ?]/);
  const queryNames = new Set(names.split('&'));
  return {
    answer({ url, headers, body, ...request }, context) {
      const [path, queryText] = url.split('?', 2);
      const labels = request.method === method ? labelsIn(path, pattern) : undefined;
      if (!labels) return undefined;
      const query = Object.fromEntries(new URLSearchParams(queryText));
      for (const name in query) {
        if (!queryNames.has(name)) {
          throw new IotError('NotImplementedException', `IoT Core Local's ${method} ${pattern} knows no "${name}".`);
        }
      }
      return { content: run({ path: labels, query, headers, body } as Call<Label<R>, QueryName<R>>, context) };
    },
  };
}

/** The fields of a request whose body is a JSON object. */
export function fieldsOf({ body }: Pick<Call, 'body'>): Record<string, unknown> {
  try {
    return Object(JSON.parse(body.toString()));
  } catch {
    throw new IotError('InvalidRequestException', 'The body of the request is not JSON.');
  }
}

/** A value that a request must have, and have as text. */
export function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new IotError('InvalidRequestException', `"${name}" must be text; it is ${JSON.stringify(value)}.`);
}

/** As AWS's JSON tells a time: seconds since 1970. */
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
