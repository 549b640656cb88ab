import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { accountTarget } from '../lib/devices/account-target';
import { foldersOf } from '../lib/devices/folders';
import { readFleet } from '../lib/fleet/fleet-file';
import { devicesRoot, startedFrom } from '../lib/fleet/project';
import { Hub } from '../lib/page/server/hub';
import { PageServer } from '../lib/page/server/page-server';
import { readRecording } from '../lib/page/server/read-recording';
import { AccountFleet } from '../lib/page/shows/account-fleet';
import { awsCost, awsMinutes } from '../lib/page/shows/aws-limits';
import { Director } from '../lib/page/shows/director';
import { Playback } from '../lib/page/shows/playback';
import type { Program } from '../lib/page/shows/show';
import { scenarios } from '../lib/walk-through/scenarios/scenarios';
import { accountEndpoint } from './account-endpoint';
import { fleetOption, oneOf, portNumber, requireLocalFleet, runCommand, UsageError } from './command-line';
import { onInterruption } from './interruption';

const usage = `
Usage: npm run page [-- options]

Shows the fleet in a browser while it runs, and lets you do things to it: change how fast the cars publish, slow a subscriber down, kill
one, try something forbidden, play a scenario. It runs on this machine until Ctrl-C, and only this machine can open the page.

Options:
  --scenario NAME  begin with a scenario; npm start -- --scenario list lists all (default: the live fleet)
  --fleet FILE     the fleet of this file instead of cdk.json's, on this machine; examples/ has some
  --qos 0|1        quality of service; at QoS 0 nothing is acknowledged, so nothing comes again (default: 1)
  --mqtt 3|5       MQTT 3.1.1 or 5 (default: 5)
  --aws            run on AWS IoT Core; deploy the fleet and run npm run certs first. It publishes at most 50 messages a second,
                   and ends after five minutes
  --play FILE      play a recording that the page has saved; no fleet is needed
  --port N         the port of the page (default: one that is free)
  --no-open        print the page's address, and do not open a browser
  --help           this text

Examples:
  npm run page
  npm run page -- --fleet examples/figure.json
  npm run page -- --scenario failover
  npm run page -- --play docs/page.json

Exit code: 0 at its end, 1 if it cannot begin, 2 for a bad option, 130 after Ctrl-C.
`;

const options = {
  scenario: { type: 'string' },
  ...fleetOption,
  qos: { type: 'string', default: '1' },
  mqtt: { type: 'string', default: '5' },
  aws: { type: 'boolean', default: false },
  play: { type: 'string' },
  port: { type: 'string', default: '0' },
  'no-open': { type: 'boolean', default: false },
} as const;

/** A page of more cards would show nothing. */
const mostDevices = 200;

runCommand('page', { usage, options }, async (values) => {
  const { scenario, play, aws, fleet } = values;
  const port = portNumber('port', values.port);
  const mqtt = oneOf('mqtt', values.mqtt, ['3', '5']) === '3' ? 3 : 5;
  const qos = oneOf('qos', values.qos, ['0', '1']) === '0' ? 0 : 1;
  requireLocalFleet(fleet, !aws, 'leave out --aws');
  if (scenario !== undefined && !scenarios.some(({ name }) => name === scenario)) {
    throw new UsageError(`There is no scenario "${scenario}". npm start -- --scenario list lists all.`);
  }
  if (play !== undefined && (aws || fleet !== undefined || scenario !== undefined)) {
    throw new UsageError('--play needs no fleet: leave out --aws, --fleet and --scenario.');
  }

  const hub = new Hub();
  const show = async (program: Program, begin: () => Promise<void> | void, over?: Promise<void>): Promise<number> => {
    const server = await PageServer.start({ port, hub, program, isRecording: play !== undefined, complain });
    try {
      const interrupted = new Promise<number>(onInterruption);
      console.log(server.url);
      if (!values['no-open'] && process.stdout.isTTY) openBrowser(server.url);
      await begin();
      console.error('Ctrl-C ends it.');
      return await Promise.race([interrupted, ...(over ? [over.then(() => 0)] : [])]);
    } finally {
      await program.stop();
      hub.flush();
      await server.stop();
    }
  };

  if (play !== undefined) {
    const playback = new Playback(readRecording(resolve(startedFrom, play)), hub.tell);
    return show(playback, () => playback.begin());
  }
  const given = readFleet(fleet);
  if (given.devices.length > mostDevices) {
    throw new Error(`The page shows at most ${mostDevices} devices; this fleet has ${given.devices.length}.`);
  }
  const settings = { mqtt, qos, scenarios, tell: hub.tell, complain } as const;
  if (aws) {
    const target = accountTarget();
    const endpoint = await accountEndpoint(target);
    const source = new AccountFleet(target, given, { endpoint, folders: foldersOf(given, devicesRoot, target) });
    const duration = target === 'aws' ? awsMinutes * 60_000 : undefined;
    if (duration) console.error(awsCost(given));
    const director = new Director({ ...settings, source, duration });
    return show(director, () => director.begin(scenario), director.over);
  }
  // It loads the CDK, which takes half a second. A recording does without.
  const { LocalFleets } = require('../lib/page/shows/local-fleets') as typeof import('../lib/page/shows/local-fleets');
  const director = new Director({ ...settings, source: new LocalFleets(given) });
  return show(director, () => director.begin(scenario));
});

function complain(sentence: string): void {
  console.error(`page: ${sentence}`);
}

/** Opens an address in the user's browser. Where that is not possible, the printed address has to do. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '""', url]
        : ['xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
