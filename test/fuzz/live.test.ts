/** Seeded and bounded; `npm run fuzz` goes on for longer. */
import { fuzzLive } from '../../benchmarks/fuzz/live';
import { useIotCore } from '../support/use-iot-core';

const seed = 20_261_101;

const fixture = useIotCore({ forEachTest: true });

async function fuzz(packets: number) {
  const { credentials } = await fixture.device('car1');
  const { port, rootCaPem } = fixture.iotCore;
  return fuzzLive({ port, rootCaPem, credentials }, { seed: seed, packets });
}

test(`hostile packets over live connections (seed ${seed}) neither stop IoT Core Local nor keep anyone waiting`, async () => {
  const report = await fuzz(5000);
  expect(report.roundTrips).toBeGreaterThan(10);
  expect(report.connections).toBeGreaterThan(50);
  expect(fixture.log.filter(({ level }) => level === 'error')).toEqual([]);
  // They were heard: some were taken, and some refused.
  expect(fixture.logText).toMatch(/^info .* subscribed to /m);
  expect(fixture.logText).toMatch(/^warn .* was disconnected: /m);
  expect(fixture.logText).toMatch(/^warn .* was refused: /m);
}, 30_000);

test('the packets that are reported are those that were sent', async () => {
  const report = await fuzz(1);
  // Each connection sends one at least, and there are several at a time.
  expect(report.connections).toBeGreaterThan(1);
  expect(report.packets).toBeGreaterThanOrEqual(report.connections);
});
