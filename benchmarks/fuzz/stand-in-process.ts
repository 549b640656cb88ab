import { StandIn } from '../../test/support/stand-in';

/** The stand-in in a process of its own: it tells where it is, tells of each error of its own, and ends with its parent. */
async function serve(): Promise<void> {
  const standIn = await StandIn.start({
    log: ({ level, message }) => {
      if (level === 'error') process.send!({ error: message });
    },
  });
  const { credentials } = await standIn.device('car1');
  const { port, rootCaPem } = standIn.iotCore;
  process.send!({ target: { port, rootCaPem, credentials } });
}

// Asked for anything, it says what memory it holds when all garbage is gone.
process.on('message', () => {
  gc!();
  process.send!({ memory: process.memoryUsage() });
});
process.on('disconnect', () => process.exit());

serve().catch((error: Error) => process.send!({ error: error.stack }));
