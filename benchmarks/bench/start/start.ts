import { join } from 'node:path';
import { forkFile, nextMessage } from '../../servers/processes';
import { median, type Table } from '../table';
import type { StartPhases } from './start-process';

/** Where the seconds of `npm start` go, its keys and certificates there already. */
export async function benchmarkStart({ folder, quick }: { folder: string; quick: boolean }): Promise<Table[]> {
  const runs: StartPhases[] = [];
  // The first makes the keys and fills the caches.
  for (let run = 0; run <= (quick ? 2 : 10); run += 1) {
    const phases = await nextMessage<StartPhases>(forkFile(join(__dirname, 'start-process.ts'), [folder]));
    if (run > 0) runs.push(phases);
  }
  const phases: [keyof StartPhases, string][] = [
    ['boot', 'Node.js, tsx, imports'],
    ['keys', 'keys and requests, read and checked'],
    ['synth', 'synthesis'],
    ['iotCore', 'IoT Core Local started, deployed to, certificates in their folders'],
    ['walkThrough', 'the walk-through, forbidden attempts included'],
    ['total', 'in all'],
  ];
  return [
    {
      title: 'npm start, from warm',
      columns: ['phase', 'seconds', 'least', 'most'],
      rows: phases.map(([phase, name]) => {
        const seconds = runs.map((run) => run[phase]);
        return [name, median(seconds), Math.min(...seconds), Math.max(...seconds)];
      }),
      notes: [`Medians of ${runs.length} runs, without npm itself.`],
    },
  ];
}
