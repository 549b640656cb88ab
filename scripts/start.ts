import type { DeviceFolder, Target } from '../lib/devices/device-folder';
import { type Endpoint, readEndpoint } from '../lib/devices/endpoint';
import { foldersOf } from '../lib/devices/folders';
import { Fleet } from '../lib/fleet/fleet';
import { devicesRoot, readContext } from '../lib/fleet/project';
import { type LogEntry, startLocalFleet } from '../lib/targets/local-fleet';
import type { Listener } from '../lib/walk-through/events';
import type { Scenario } from '../lib/walk-through/scenario';
import { shared } from '../lib/walk-through/scenarios/shared';
import { terminalOf } from '../lib/walk-through/view/terminal';
import { viewOf } from '../lib/walk-through/view/view';
import { WalkThrough } from '../lib/walk-through/walk-through';
import { numberIn, oneOf, runCommand } from './command-line';

const usage = `
Usage: npm start [-- options]

Runs the walk-through: groups and consumers subscribe, cars publish, and it shows who gets each message. Then it tries what is
forbidden. It runs on this machine, where IoT Core Local serves the fleet that the CDK app synthesizes.

Options:
  --messages N  messages a car, those of its messages.json first (default: only those)
  --qos 0|1     quality of service (default: 0)
  --mqtt 3|5    MQTT 3.1.1 or 5 (default: 5)
  --pace MS     milliseconds between two messages (default: on a terminal, what the eye can follow; otherwise 0)
  --aws         run on AWS IoT Core; deploy the fleet and run npm run certs first
  --verbose     plain lines, with one for each refused attempt
  --json        print the result as one JSON object, and nothing else
  --help        this text

Exit code: 0 for a pass, 1 for a fail or if the walk-through cannot begin, 2 for a bad option.
`;

const options = {
  messages: { type: 'string' },
  qos: { type: 'string', default: '0' },
  mqtt: { type: 'string', default: '5' },
  aws: { type: 'boolean', default: false },
  pace: { type: 'string' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

interface Settings {
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
  readonly messages?: number;
  readonly pace?: number;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly scenario: Scenario;
}

/** A fleet that is deployed and whose certificates are in their folders. */
interface DeployedFleet {
  readonly fleet: Fleet;
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly folders: ReadonlyMap<string, DeviceFolder>;
}

runCommand('start', { usage, options }, async (values) => {
  const settings: Settings = {
    mqtt: oneOf('mqtt', values.mqtt, ['3', '5']) === '3' ? 3 : 5,
    qos: oneOf('qos', values.qos, ['0', '1']) === '0' ? 0 : 1,
    messages:
      values.messages === undefined ? undefined : numberIn('messages', values.messages, { least: 1, most: 9_999_999 }),
    pace: values.pace === undefined ? undefined : numberIn('pace', values.pace, { least: 0, most: 60_000 }),
    json: values.json,
    verbose: values.verbose,
    scenario: shared,
  };
  return values.aws ? onAws(settings) : onThisMachine(settings);
});

async function onAws(settings: Settings): Promise<number> {
  const endpoint = readEndpoint('aws', devicesRoot);
  const fleet = Fleet.fromContext(readContext().fleet);
  return show({ fleet, target: 'aws', endpoint, folders: foldersOf(fleet, devicesRoot, 'aws') }, settings);
}

async function onThisMachine(settings: Settings): Promise<number> {
  // Warnings before the forbidden attempts explain a failure. Later warnings are about the attempts, which are meant to be refused.
  const explanations: string[] = [];
  let settled = false;
  const log = ({ level, message }: LogEntry) => {
    if (level !== 'info' && !settled) explanations.push(message);
  };
  const onEvent: Listener = ({ type }) => {
    if (type === 'settled') settled = true;
  };
  const { core, fleet, folders } = await startLocalFleet({ port: 0, log });
  try {
    return await show({ fleet, target: 'local', endpoint: core, folders }, settings, onEvent);
  } finally {
    await core.stop();
    for (const explanation of explanations) console.error(`IoT Core Local: ${explanation}`);
  }
}

async function show(deployment: DeployedFleet, settings: Settings, onEvent?: Listener): Promise<number> {
  const { json, verbose: isVerbose, ...choices } = settings;
  const terminal = terminalOf(process.stdout);
  const isWatched = terminal.columns !== undefined && !json;
  const walkThrough = new WalkThrough({ ...deployment, ...choices, isWatched });
  const view = json ? undefined : viewOf({ run: walkThrough.run, write: console.log, terminal, isVerbose });
  view?.begin();
  const scoreboard = await walkThrough.play((event) => {
    view?.listen(event);
    onEvent?.(event);
  });
  // The time since the process began: a person waits for start-up and synthesis too.
  const result = scoreboard.result(performance.now() / 1000);
  if (view) {
    view.end(scoreboard, result);
  } else {
    for (const problem of scoreboard.problems()) console.error(problem);
    console.log(JSON.stringify(result));
  }
  return result.verdict === 'pass' ? 0 : 1;
}
