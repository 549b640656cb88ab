import { forkFile, nextMessage } from '../../servers/processes';
import { median } from '../../statistics';
import type { Table } from '../table';
import type { StartPhases } from './start-process';

/** Measures the phases of `npm start` with the blog post's fleet, when its keys and certificates exist. */
export async function benchmarkStart({ folder, quick }: { folder: string; quick: boolean }): Promise<Table[]> {
  const runs: StartPhases[] = [];
  // The first run makes the keys and fills the caches, and is not measured.
  for (let run = 0; run <= (quick ? 2 : 10); run += 1) {
    const phases = await nextMessage<StartPhases>(forkFile('benchmarks/bench/start/start-process.ts', [folder]));
    if (run > 0) runs.push(phases);
  }
  const phases: [keyof StartPhases, string][] = [
    ['boot', 'Node.js, the bundle, imports'],
    ['keys', 'reading and checking keys and certificate requests'],
    ['synth', 'synthesis'],
    ['iotCore', 'starting IoT Core Local, deploying, certificates into their folders'],
    ['walkThrough', 'the walk-through with its forbidden attempts'],
    ['total', 'total'],
  ];
  return [
    {
      title: "npm start of the blog post's fleet, with keys and certificates that exist",
      columns: ['phase', 'seconds', 'least', 'most'],
      rows: phases.map(([phase, name]) => {
        const seconds = runs.map((run) => run[phase]);
        return [name, median(seconds), Math.min(...seconds), Math.max(...seconds)];
      }),
      notes: [`Medians of ${runs.length} runs, without npm itself.`],
    },
  ];
}
