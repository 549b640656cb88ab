/** A short run with a fixed seed. `npm run fuzz` runs for longer. */
import { fuzzLive } from '../../benchmarks/fuzz/live';
import { useIotCore } from '../support/use-iot-core';

const seed = 20_261_101;

const fixture = useIotCore({ forEachTest: true });

async function fuzz(packets: number) {
  const { credentials } = await fixture.device('car1');
  const { port, rootCaPem } = fixture.iotCore;
  return fuzzLive({ port, rootCaPem, credentials }, { seed, packets });
}

test(`Hostile packets over live connections (seed ${seed}) neither stop IoT Core Local nor delay other clients`, async () => {
  const report = await fuzz(5000);
  expect(report.roundTrips).toBeGreaterThan(10);
  expect(report.connections).toBeGreaterThan(50);
  expect(fixture.log.filter(({ level }) => level === 'error')).toEqual([]);
  // IoT Core Local has read them: it accepted some and refused others.
  expect(fixture.logText).toMatch(/^info .* subscribed to /m);
  expect(fixture.logText).toMatch(/^warn .* was disconnected: /m);
  expect(fixture.logText).toMatch(/^warn .* was refused: /m);
}, 30_000);

test('The report counts all packets and connections, also those of a short run', async () => {
  const report = await fuzz(1);
  // Several connections run at the same time, and each sends at least one packet.
  expect(report.connections).toBeGreaterThan(1);
  expect(report.packets).toBeGreaterThanOrEqual(report.connections);
});
