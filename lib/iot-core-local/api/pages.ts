import { IotError } from '../registry/iot-error';
import type { FaultInjection } from './fault-injection';

/** AWS IoT's lists take no more. https://docs.aws.amazon.com/iot/latest/apireference/API_ListThings.html */
const largestPage = 250;

type PageLimit = Pick<FaultInjection, 'pageSize'>;

/** A page of the lists whose token is called "nextToken". */
export function pageByToken(
  key: string,
  entries: readonly unknown[],
  { maxResults, nextToken }: { readonly maxResults?: string; readonly nextToken?: string },
  faults: PageLimit,
): Record<string, unknown> {
  const { page, next } = pageOf(entries, { size: maxResults, token: nextToken }, faults);
  return { [key]: page, nextToken: next };
}

/** A page of the lists whose token is called "marker". */
export function pageByMarker(
  key: string,
  entries: readonly unknown[],
  { pageSize, marker }: { readonly pageSize?: string; readonly marker?: string },
  faults: PageLimit,
): Record<string, unknown> {
  const { page, next } = pageOf(entries, { size: pageSize, token: marker }, faults);
  return { [key]: page, nextMarker: next };
}

/**
 * A page of a list. Its token is the number of entries on the earlier pages. If the list shrinks in the meantime, the next page skips entries.
 *
 * @param size - the most entries that the caller wants
 * @throws IotError InvalidRequestException if the size is not a number up to 250, or the token is not that of an earlier page
 */
export function pageOf<T>(
  entries: readonly T[],
  { size, token }: { readonly size?: string; readonly token?: string },
  faults: PageLimit,
): { page: readonly T[]; next?: string } {
  const start = token === undefined ? 0 : count(Buffer.from(token, 'base64url').toString(), 'page token');
  const wanted = size === undefined ? faults.pageSize : count(size, 'number of entries');
  if (wanted > largestPage) {
    throw new IotError('InvalidRequestException', `A page has at most ${largestPage} entries, not ${wanted}.`);
  }
  const end = start + Math.min(wanted, faults.pageSize);
  return {
    page: entries.slice(start, end),
    next: end < entries.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
}

function count(value: string, what: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new IotError('InvalidRequestException', `"${value}" is not a ${what}.`);
}
