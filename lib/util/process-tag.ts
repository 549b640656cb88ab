import { hostname } from 'node:os';

const host = hostname().replace(/[^a-zA-Z0-9]/g, '') || 'host';

/** A part of a file name that says which process made the file: the host and the process id. A container has a host name of its own. */
export const processTag = `${host}-${process.pid}`;

/** Whether the process of a tag has ended. False for another host's, which cannot be asked. */
export function isProcessGone(tag: string): boolean {
  const [, tagHost, pid] = /^([a-zA-Z0-9]+)-(\d+)$/.exec(tag) ?? [];
  if (tagHost !== host) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
