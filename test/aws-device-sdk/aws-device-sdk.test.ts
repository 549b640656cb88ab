import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { iot, mqtt, mqtt5 } from 'aws-iot-device-sdk-v2';
import { useDevice, useIotCore } from '../support/use-iot-core';

const filter = '$share/group2/cars/data';
const topicName = 'cars/data';
const { AtLeastOnce } = mqtt5.QoS;

// The first member of a group gets what is published.
const fixture = useIotCore({ random: () => 0 });
const device = useDevice(fixture, 'subscriber2A');
let stops: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
});

afterAll(() => {
  // The native part of AWS's client keeps the process alive until its objects are collected, which could take minutes.
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
});

/** AWS's client, connected; it goes without a DISCONNECT when it is stopped. */
async function connect(clientId: string, { credentials } = device): Promise<mqtt5.Mqtt5Client> {
  const { certificate, key } = credentials;
  const config = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromMemory(
    'localhost',
    certificate,
    key,
  )
    .withCertificateAuthority(fixture.iotCore.rootCaPem)
    .withPort(fixture.iotCore.port)
    .withConnectProperties({ clientId, keepAliveIntervalSeconds: 60 })
    .build();
  const client = new mqtt5.Mqtt5Client(config);
  const connected = once(client, mqtt5.Mqtt5Client.CONNECTION_SUCCESS);
  client.start();
  await connected;
  stops.push(() => stop(client));
  return client;
}

async function stop(client: mqtt5.Mqtt5Client): Promise<void> {
  const stopped = once(client, mqtt5.Mqtt5Client.STOPPED);
  client.stop();
  await stopped;
  client.close();
}

describe('AWS’s own MQTT 5 client', () => {
  test('AWS’s own MQTT 5 client connects with its user name and ALPN, publishes and is acknowledged', async () => {
    const client = await connect('car1');
    const answer = await client.publish({ topicName, payload: 'x', qos: AtLeastOnce });
    expect(answer).toMatchObject({ reasonCode: mqtt5.PubackReasonCode.Success });
  });

  test('AWS’s own MQTT 5 client gets what another member of its group withheld the PUBACK of', async () => {
    const [withholding, other, car] = [
      await connect('subscriber2A'),
      await connect('subscriber2B'),
      await connect('car1'),
    ];
    const arrived = once(withholding, mqtt5.Mqtt5Client.MESSAGE_RECEIVED);
    withholding.once(mqtt5.Mqtt5Client.MESSAGE_RECEIVED, ({ acknowledgementControl }) => {
      acknowledgementControl!.acquireHandle();
    });
    for (const client of [withholding, other]) {
      const { reasonCodes } = await client.subscribe({ subscriptions: [{ topicFilter: filter, qos: AtLeastOnce }] });
      expect(reasonCodes).toEqual([mqtt5.SubackReasonCode.GrantedQoS1]);
    }
    await car.publish({ topicName, payload: 'withheld', qos: AtLeastOnce });
    await arrived;
    const handedOn = once(other, mqtt5.Mqtt5Client.MESSAGE_RECEIVED);
    stops.shift();
    await stop(withholding);
    const [{ message }] = await handedOn;
    expect(message).toMatchObject({ topicName, qos: AtLeastOnce });
    expect(Buffer.from(message.payload).toString()).toBe('withheld');
  });

  test('AWS’s own MQTT 5 client is told that it may not subscribe, and stays connected', async () => {
    const car = await fixture.device('car1', ['iot:Connect client/car1', `iot:Publish topic/${topicName}`]);
    const client = await connect('car1', car);
    const { reasonCodes } = await client.subscribe({ subscriptions: [{ topicFilter: filter, qos: AtLeastOnce }] });
    expect(reasonCodes).toEqual([mqtt5.SubackReasonCode.NotAuthorized]);
    await client.publish({ topicName, payload: 'x', qos: AtLeastOnce });
  });
});

test('AWS’s own MQTT 3.1.1 client gets a message of its group', async () => {
  const { certificate, key } = device.credentials;
  const config = iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(certificate, key)
    .with_certificate_authority(fixture.iotCore.rootCaPem)
    .with_endpoint('localhost')
    .with_port(fixture.iotCore.port)
    .with_client_id('subscriber2A')
    .build();
  const connection = new mqtt.MqttClient().new_connection(config);
  await connection.connect();
  stops.push(() => connection.disconnect());
  const arrived = once(connection, 'message');
  await connection.subscribe(filter, mqtt.QoS.AtLeastOnce);
  await connection.publish(topicName, 'x', mqtt.QoS.AtLeastOnce);
  expect((await arrived)[0]).toBe(topicName);
});
