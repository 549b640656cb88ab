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
  /** How a person chooses another port. */
  readonly option: string;
}

/**
 * Has a server listen.
 *
 * @returns the port
 * @throws PortError when the port is taken, or not one to listen on
 */
export async function listen(server: Server, { host, port, option }: Listening): Promise<number> {
  try {
    server.listen({ port, host, backlog });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'something listens on it already' : message;
    throw new PortError(`Port ${port} of ${host} cannot be opened: ${reason}. Choose another with ${option}.`);
  }
}
