import { connectPacket, exchange, type Identity, openSocket } from '../../servers/wire';
import { answerParent } from '../parent-process';

/** Asks for this many connections of one device's identity. */
export interface ConnectionsRequest {
  readonly port: number;
  readonly identity: Identity;
  readonly count: number;
}

/** Handshakes that are under way at the same time. */
const atATime = 16;

// Opens connections and keeps them, each under a client id of its own. Answers when all are open.
answerParent(async ({ port, identity, count }: ConnectionsRequest) => {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const clientId = `${identity.clientId}-${index}`;
      const socket = await openSocket(port, { ...identity, clientId });
      await exchange(socket, connectPacket(clientId), 0x20);
      socket.on('error', () => {});
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return {};
});
