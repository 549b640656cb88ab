import { IotCoreFixture } from '../../test/support/iot-core-fixture';

/** IoT Core Local in a process of its own: it tells where it is, tells of each error of its own, and ends with its parent. */
async function serve(): Promise<void> {
  const core = await IotCoreFixture.start({
    log: ({ level, message }) => {
      if (level === 'error') process.send!({ error: message });
    },
  });
  const { credentials } = await core.device('car1');
  const { port, rootCaPem } = core.iotCore;
  process.send!({ target: { port, rootCaPem, credentials } });
}

// Asked for anything, it says what memory it holds when all garbage is gone.
process.on('message', () => {
  gc!();
  process.send!({ memory: process.memoryUsage() });
});
process.on('disconnect', () => process.exit());

serve().catch((error: Error) => process.send!({ error: error.stack }));
