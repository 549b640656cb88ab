import { accountTarget } from '../lib/devices/account-target';
import { foldersOf } from '../lib/devices/folders';
import { Fleet } from '../lib/fleet/fleet';
import { readFleet } from '../lib/fleet/fleet-file';
import { stacksFor } from '../lib/fleet/fleet-parts';
import { devicesRoot } from '../lib/fleet/project';
import type { LogEntry } from '../lib/targets/local-fleet';
import { grouped } from '../lib/util/format';
import { RequestError } from '../lib/walk-through/clients/client-failure';
import type { DeployedFleet } from '../lib/walk-through/deployed-fleet';
import type { Listener } from '../lib/walk-through/events';
import { castOf, type Scenario } from '../lib/walk-through/scenario';
import { scenarios } from '../lib/walk-through/scenarios/scenarios';
import { mostMessages } from '../lib/walk-through/stage';
import { terminalOf } from '../lib/walk-through/view/terminal';
import { largeFleet, viewOf } from '../lib/walk-through/view/view';
import { WalkThrough, type WalkThroughProps } from '../lib/walk-through/walk-through';
import { accountEndpoint } from './account-endpoint';
import {
  fleetOption,
  type NumberRange,
  numberIn,
  oneOf,
  portNumber,
  requireLocalFleet,
  runCommand,
  UsageError,
} from './command-line';

const usage = `
Usage: npm start [-- options]

Runs the walk-through: groups and consumers subscribe, cars publish, and it shows who gets each message. Then it tries what is
forbidden. It runs on this machine, where IoT Core Local serves the fleet that the CDK app synthesizes.

Options:
  --scenario NAME  what to show (default: shared); --scenario list lists all
  --fleet FILE     the fleet of this file instead of cdk.json's, on this machine; examples/ has some
  --cars N         how many cars publish, in the scenario figure on this machine
  --messages N     messages per car, those of its messages.json first (default: only those, or the scenario's number)
  --qos 0|1        quality of service (default: 0, or the scenario's)
  --mqtt 3|5       MQTT 3.1.1 or 5 (default: 5)
  --pace MS        milliseconds between two messages (default: on a terminal, what the eye can follow; otherwise 0)
  --aws            run on AWS IoT Core; deploy the fleet and run npm run certs first
  --mqtt-port N    AWS IoT Core's port: 8883, or 443 where a firewall blocks that (default: 8883)
  --verbose        plain lines, with one for each refused attempt
  --json           print the result as one JSON object, and nothing else
  --help           this text

Examples:
  npm start -- --scenario failover
  npm start -- --scenario figure --cars 10
  npm start -- --fleet examples/buses.json
  npm start -s -- --json --messages 100

Exit code: 0 for a pass, 1 for a fail or if the walk-through cannot begin, 2 for a bad option.
`;

const options = {
  scenario: { type: 'string', default: 'shared' },
  ...fleetOption,
  cars: { type: 'string' },
  messages: { type: 'string' },
  qos: { type: 'string' },
  mqtt: { type: 'string' },
  pace: { type: 'string' },
  aws: { type: 'boolean', default: false },
  'mqtt-port': { type: 'string' },
  verbose: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

interface Settings extends Pick<WalkThroughProps, 'scenario' | 'mqtt' | 'qos' | 'messages' | 'pace'> {
  readonly cars?: number;
  readonly fleetFile?: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

runCommand('start', { usage, options }, async (values) => {
  if (values.scenario === 'list') {
    const width = Math.max(...scenarios.map(({ name }) => name.length));
    for (const { name, shows } of scenarios) console.log(`${name.padEnd(width)}  ${shows}`);
    return 0;
  }
  const number = (option: 'cars' | 'messages' | 'pace', range: NumberRange) => {
    const value = values[option];
    return value === undefined ? undefined : numberIn(option, value, range);
  };
  const scenario = scenarioNamed(values.scenario);
  const { name, mqtt, qos } = scenario;
  if (mqtt && values.mqtt === '3') throw new UsageError(`The scenario "${name}" needs MQTT 5: leave out --mqtt 3.`);
  if (qos && values.qos === '0') throw new UsageError(`The scenario "${name}" needs QoS 1: leave out --qos 0.`);
  if (values.cars !== undefined && (name !== 'figure' || values.aws)) {
    throw new UsageError('--cars is for --scenario figure, on this machine. Any other fleet has the cars of cdk.json.');
  }
  requireLocalFleet(values.fleet, !values.aws, 'leave out --aws');
  const port = values['mqtt-port'] === undefined ? undefined : portNumber('mqtt-port', values['mqtt-port'], 1);
  if (port !== undefined && !values.aws) {
    throw new UsageError('--mqtt-port is for --aws: IoT Core Local picks a free port.');
  }
  const settings: Settings = {
    scenario,
    cars: number('cars', { least: 1, most: 1000 }),
    fleetFile: values.fleet,
    messages: number('messages', { least: 1, most: mostMessages }),
    mqtt: oneOf('mqtt', values.mqtt ?? '5', ['3', '5']) === '3' ? 3 : 5,
    qos: oneOf('qos', values.qos ?? String(qos ?? 0), ['0', '1']) === '0' ? 0 : 1,
    pace: number('pace', { least: 0, most: 60_000 }),
    json: values.json,
    verbose: values.verbose,
  };
  const given = readFleet(values.fleet);
  return values.aws ? onAws(given, settings, port) : onThisMachine(given, settings);
});

function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario) return scenario;
  throw new UsageError(`There is no scenario "${name}". --scenario list lists all.`);
}

async function onAws(fleet: Fleet, settings: Settings, port?: number): Promise<number> {
  requireBounded(fleet, settings);
  const target = accountTarget();
  const known = await accountEndpoint(target);
  const endpoint = { ...known, port: port ?? known.port };
  try {
    return await show({ fleet, target, endpoint, folders: foldersOf(fleet, devicesRoot, target) }, settings);
  } catch (error) {
    const { message, cause } = error as Error;
    if (!(cause instanceof RequestError)) throw error;
    throw new Error(`${message} ${remedyOnAws}`, { cause: error });
  }
}

/** After another deployment the folders may still have the certificates of an earlier one. */
const remedyOnAws =
  'npm run certs fetches the certificates of the last deployment, and npm run status says which of them are ACTIVE. docs/aws.md, "If something goes wrong", has more.';

async function onThisMachine(given: Fleet, settings: Settings): Promise<number> {
  const { scenario, cars } = settings;
  const cast = scenario.cast(castOf(given), { isDeployed: false, cars });
  const part = Fleet.fromContext(cast);
  requireBounded(part, settings);
  // The number of stacks in cdk.json is for its own devices.
  const isOwn = part.devices.length === given.devices.length;
  const stacks = isOwn ? given.stacks : (stacksFor(part.devices) ?? given.stacks);
  // Warnings before the forbidden attempts explain a failure. Later warnings are about the attempts, which are meant to be refused.
  const explanations: string[] = [];
  const reasons: string[] = [];
  let areRefusalsMeant = scenario.name === 'policies';
  const log = ({ level, message }: LogEntry) => {
    if (level !== 'info') (areRefusalsMeant ? reasons : explanations).push(message);
  };
  const onEvent: Listener = ({ type }) => {
    if (type === 'settled') areRefusalsMeant = true;
  };
  if (part.devices.length > largeFleet && process.stderr.isTTY) {
    console.error(`Making keys, certificates and stacks for ${grouped(part.devices.length)} devices.`);
  }
  // It loads the CDK, which takes half a second. What needs no fleet on this machine does without.
  const { noLogLimits, startLocalFleet } =
    require('../lib/targets/local-fleet') as typeof import('../lib/targets/local-fleet');
  const { core, fleet, folders } = await startLocalFleet({
    port: 0,
    log,
    logLimits: noLogLimits,
    context: { fleet: { ...cast, stacks } },
  });
  const takeReasons = () => reasons.splice(0);
  let hasPassed = false;
  try {
    const exitCode = await show({ fleet, target: 'local', endpoint: core, folders, takeReasons }, settings, onEvent);
    hasPassed = exitCode === 0;
    return exitCode;
  } finally {
    await core.stop();
    if (!hasPassed) for (const explanation of explanations) console.error(`IoT Core Local: ${explanation}`);
  }
}

/** @throws UsageError if a run would have more messages than memory should hold */
function requireBounded({ cars }: Fleet, { messages = 0 }: Settings): void {
  const most = Math.floor(mostMessages / Math.max(1, cars.length));
  if (messages <= most) return;
  const asked = grouped(messages * cars.length);
  throw new UsageError(
    `--messages ${messages} makes ${asked} messages of ${cars.length} cars; a run keeps at most ${grouped(mostMessages)} in memory: --messages ${most} is the most.`,
  );
}

async function show(deployment: DeployedFleet, settings: Settings, onEvent?: Listener): Promise<number> {
  const { json, verbose: isVerbose, cars: _, fleetFile, ...choices } = settings;
  const terminal = terminalOf(process.stdout);
  const isWatched = terminal.columns !== undefined && !json;
  const walkThrough = new WalkThrough({ ...deployment, ...choices, isWatched });
  const view = json ? undefined : viewOf({ run: walkThrough.run, write: console.log, terminal, isVerbose, fleetFile });
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
