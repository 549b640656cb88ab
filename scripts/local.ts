import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { DeviceFolder } from '../lib/devices/device-folder';
import { blogMessages } from '../lib/devices/messages';
import { printTerminals, terminals } from '../lib/devices/mosquitto-commands';
import { type Shell, shells } from '../lib/devices/shell';
import { fleetContext } from '../lib/fleet/fleet-file';
import { devicesRoot, startedFrom } from '../lib/fleet/project';
import { accountEnvironment, printEnvironment } from '../lib/targets/account-environment';
import { startLocalAccount } from '../lib/targets/local-account';
import {
  type LocalFleetOptions,
  type LocalIotCore,
  type LogEntry,
  startLocalFleet,
  startLocalIotCore,
} from '../lib/targets/local-fleet';
import { fleetOption, oneOf, portNumber, runCommand, UsageError } from './command-line';
import { onInterruption } from './interruption';

const usage = `
Usage: npm run local [-- options]

Serves the fleet on this machine until Ctrl-C: IoT Core Local alone, for clients of your own. It prints the blog post's
mosquitto command for each device, then tells who connects and subscribes, and who is denied what and why.

With --empty it serves an AWS account with nothing in it instead, and prints the lines that point a terminal's AWS CLI, AWS SDK and CDK at
it. With these set, every command of the README works unchanged: npx cdk deploy --all, npm run certs, npm start -- --aws. What is deployed
ends with the process.

Options:
  --empty                  serve an AWS account with nothing in it
  --port N                 the port for MQTT (default: 8883; 0 for one that is free)
  --api-port N             the port for the AWS IoT API, for AWS_ENDPOINT_URL (default: 8884; 0 for one that is free)
  --shell bash|powershell  for which shell to print the commands; bash stands for every POSIX shell (default: bash)
  --fleet FILE             serve the fleet of this file instead of cdk.json's; examples/ has some
  --template FILE          serve the AWS IoT resources of this synthesized template instead of the fleet's; the certificates that it
                           gives rise to go into devices/template/<thing>/, and their keys are wherever the template's requests are from
  --strict                 enforce AWS's quotas by rate, of which the log tells otherwise: 100 publishes a second on a connection, one
                           CONNECT a second of a client id
  --lenient                take a policy that has something IoT Core Local does not know; the unknown part denies, and the log names it
  --help                   this text
`;

const options = {
  port: { type: 'string', default: '8883' },
  'api-port': { type: 'string', default: '8884' },
  shell: { type: 'string', default: 'bash' },
  ...fleetOption,
  empty: { type: 'boolean', default: false },
  template: { type: 'string' },
  strict: { type: 'boolean', default: false },
  lenient: { type: 'boolean', default: false },
} as const;

runCommand('local', { usage, options }, async (values) => {
  const shell = oneOf('shell', values.shell, shells);
  const ports = { port: portNumber('port', values.port), apiPort: portNumber('api-port', values['api-port']) };
  if (values.template !== undefined && values.fleet !== undefined)
    throw new UsageError('--template and --fleet exclude each other: a template has devices of its own.');
  if (values.empty && (values.template ?? values.fleet) !== undefined) {
    throw new UsageError('--empty serves an account with nothing in it: leave out --fleet and --template.');
  }
  const context = fleetContext(values.fleet);
  const start = { ...ports, log, strict: values.strict, lenient: values.lenient, rsaEndpoint: true };
  const core = await (values.empty
    ? serveAccount(start, shell)
    : values.template === undefined
      ? serveFleet({ ...start, context }, shell)
      : serveTemplate(start, values.template));
  console.error(`Serving MQTT on ${core.host}:${core.port} and the AWS IoT API on ${core.apiUrl}. Ctrl-C ends it.\n`);
  await new Promise(onInterruption);
  await core.stop();
  return 0;
});

async function serveFleet(start: LocalFleetOptions, shell: Shell): Promise<LocalIotCore> {
  const { core, fleet, folders } = await startLocalFleet(start);
  for (const { thingName } of fleet.cars) folders.get(thingName)!.writeMessages(blogMessages(thingName));
  console.log(printTerminals(terminals({ fleet, folders, endpoint: core, shell })));
  return core;
}

async function serveAccount(start: LocalFleetOptions, shell: Shell): Promise<LocalIotCore> {
  const core = await startLocalAccount(start);
  console.log(printEnvironment(accountEnvironment(core, devicesRoot), shell));
  console.error('Paste these lines into another terminal. What is deployed ends with this process.');
  return core;
}

/** A template's keys are wherever its certificate requests were made, so its certificates go into folders of their own. */
async function serveTemplate(start: LocalFleetOptions, file: string): Promise<LocalIotCore> {
  const template = readTemplate(file);
  const core = await startLocalIotCore(start);
  try {
    const ignored = await core.deploy(template);
    if (ignored.length > 0) console.error(`Ignored, as they are not AWS IoT's: ${ignored.join(', ')}.`);
    for (const { thingName } of core.registry.listThings()) {
      const folder = new DeviceFolder(devicesRoot, 'template', thingName);
      folder.writeRootCa(core.rootCaPem);
      for (const { certificatePem } of core.certificatesOf(thingName)) folder.keepCertificate(certificatePem);
      console.log(`${thingName}  ${relative(startedFrom, folder.path)}`);
    }
    return core;
  } catch (error) {
    await core.stop();
    throw error;
  }
}

function readTemplate(file: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(startedFrom, file), 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no template that can be read: ${(error as Error).message}.`);
  }
}

function log({ level, message }: LogEntry): void {
  const time = new Date().toTimeString().slice(0, 8);
  console.error(`${time}  ${level === 'info' ? ' ' : '!'} ${message}`);
}
