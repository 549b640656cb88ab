import { readFileSync } from 'node:fs';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Packet } from 'mqtt-packet';
import type { LocalIotCore } from '../../lib/iot-core-local/local-iot-core';
import { type LocalFleet, startLocalFleet } from '../../lib/targets/local-fleet';
import { demoContext } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';
import { versions } from '../support/versions';

const devicesRoot = temporaryFolder();
const opened: MqttClient[] = [];
const context = { fleet: demoContext };
let running: LocalFleet;

beforeAll(async () => {
  running = await startLocalFleet({ port: 0, devicesRoot, context });
}, 20_000);

afterEach(() => {
  for (const client of opened.splice(0)) client.end(true);
});

afterAll(() => running.core.stop());

/** Connects as one of the fleet's devices, with the files in its folder. The client reconnects when its connection ends. */
async function connect({ host, port }: LocalIotCore, thingName: string, protocolVersion: 4 | 5): Promise<MqttClient> {
  const { clientId } = running.fleet.devices.find((member) => member.thingName === thingName)!;
  const { keyFile, certificateFile, rootCaFile } = running.folders.get(thingName)!;
  const [key, cert, ca] = [keyFile, certificateFile, rootCaFile].map((file) => readFileSync(file));
  const options = { clientId, protocolVersion, key, cert, ca, reconnectPeriod: 20 };
  const client = await connectAsync(`mqtts://${host}:${port}`, options);
  client.on('error', () => {});
  opened.push(client);
  return client;
}

function happens(client: MqttClient, event: 'close' | 'error'): Promise<void> {
  return new Promise((resolve) => {
    client.once(event, () => resolve());
  });
}

/** Fulfilled when a client has had an answer of this kind. */
function answered(client: MqttClient, cmd: Packet['cmd']): Promise<void> {
  return new Promise((resolve) => {
    client.on('packetreceive', (packet) => {
      if (packet.cmd === cmd) resolve();
    });
  });
}

test.each(versions)(
  'Clients that retry go on with their certificates when IoT Core Local is stopped and started again, under MQTT %s',
  async (_, version) => {
    const [member, consumer, car] = [
      await connect(running.core, 'subscriber2A', version),
      await connect(running.core, 'consumer3', version),
      await connect(running.core, 'car1', version),
    ];
    await member.subscribeAsync('$share/group2/cars/data', { qos: 1 });
    await consumer.subscribeAsync('cars/data', { qos: 1 });

    const { port } = running.core;
    const gone = Promise.all([member, consumer, car].map((client) => happens(client, 'close')));
    await running.core.stop();
    await gone;
    const meanwhile = car.publishAsync('cars/data', 'published meanwhile', { qos: 1 });
    await happens(car, 'error');
    const subscribedAgain = [member, consumer].map((client) => answered(client, 'suback'));
    running = await startLocalFleet({ port, devicesRoot, context });
    await Promise.all([...subscribedAgain, meanwhile]);

    const came = [member, consumer].map(
      (client) =>
        new Promise<void>((resolve) => {
          client.on('message', (_topic, payload) => String(payload) === 'after' && resolve());
        }),
    );
    await car.publishAsync('cars/data', 'after', { qos: 1 });
    await Promise.all(came);
  },
  20_000,
);
