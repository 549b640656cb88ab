import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** The number of connections that may wait to be accepted. Node's default of 511 resets some of 1,000 devices that connect at once. */
const backlog = 4096;

/** A port that cannot be listened on. */
class PortError extends Error {
  override readonly name = 'PortError';
}

/** Where a server listens. */
export interface Listening {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  /** The command-line option with which a person chooses another port. */
  readonly option: string;
  /** Gets an error of the server after it listens, such as a lack of file descriptors. It costs one connection and no other. */
  readonly onError: (error: Error) => void;
}

/** Why another port may be free, by the error's code. */
const portReasons: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'something listens on it already'],
  ['EACCES', 'this user may not listen on it'],
  ['ERR_SOCKET_BAD_PORT', 'a port is a number from 0 to 65535'],
]);

/**
 * Has a server listen.
 *
 * @returns the port
 * @throws PortError when the port is taken or not one to listen on, or the host is not an address of this machine
 */
export async function listen(server: Server, { host, port, option, onError }: Listening): Promise<number> {
  try {
    server.listen({ port, host, backlog });
    await once(server, 'listening');
    server.on('error', onError);
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = portReasons.get(code);
    const advice = reason === undefined ? '' : ` Choose another with ${option}, or 0 for a free one.`;
    throw new PortError(`Port ${port} of ${host} cannot be opened: ${reason ?? message}.${advice}`, { cause: error });
  }
}
