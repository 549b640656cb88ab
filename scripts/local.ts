import { relative, resolve } from 'node:path';
import { blogMessages } from '../lib/devices/messages';
import { mosquittoCommands, printCommands } from '../lib/devices/mosquitto-commands';
import { keepServing } from '../lib/devices/serving';
import { type Shell, shells } from '../lib/devices/shell';
import { fleetContext } from '../lib/fleet/fleet-file';
import { devicesRoot, startedFrom } from '../lib/fleet/project';
import { accountEnvironment, printEnvironment } from '../lib/targets/account-environment';
import { startLocalAccount } from '../lib/targets/local-account';
import { type LocalFleetOptions, type LocalIotCore, type LogEntry, startLocalFleet } from '../lib/targets/local-fleet';
import { type LocalTemplatesOptions, startLocalTemplates } from '../lib/targets/local-templates';
import { readUserPolicy } from '../lib/targets/user-policy';
import { fleetOption, oneOf, portNumber, runCommand, UsageError } from './command-line';
import { onEndSignal } from './interruption';
import { onParentGone } from './parent';

const usage = `
Usage: npm run local [-- options]

Serves the fleet on this machine until Ctrl-C, for clients of your own. It prints the blog post's mosquitto command for each device. Then
it logs who connects and subscribes, and who is denied what and why.

With --empty it serves an AWS account with nothing in it instead, and prints the lines that point a terminal's AWS CLI, AWS SDK and CDK at
it. With these set, every command of the README works unchanged: npx cdk deploy --all, npm run certs, npm start -- --aws. What is deployed
ends with the process.

Options:
  --empty                  serve an AWS account with nothing in it
  --port N                 the port for MQTT (default: 8883; 0 for one that is free)
  --api-port N             the port for the AWS IoT API, for AWS_ENDPOINT_URL (default: 8884; 0 for one that is free)
  --shell bash|powershell  the shell that the commands are printed for; bash means any POSIX shell (default: bash)
  --fleet FILE             serve the fleet of this file instead of cdk.json's; examples/ has some
  --template FILE          serve the AWS IoT resources of a template, in JSON or YAML, instead of the fleet's; or those of a folder, such as
                           cdk.out; can be given several times. The certificates go into devices/template/<thing>/, and their keys are
                           wherever the template's requests were made
  --parameter NAME=VALUE   the value of a template's parameter; can be given several times
  --account ID             the account of the templates' ARNs (default: the one that they name, or 123456789012)
  --region REGION          the Region of the templates' ARNs (default: the one that they name, or us-east-1)
  --run-functions          run the functions of a template's custom resources, if their code is in it: with your own rights
  --as FILE                limit the user of the API to what this IAM policy allows, such as docs/permissions/deploy.json
                           (default: everything is allowed)
  --strict                 enforce AWS's rate quotas, which are only logged otherwise: 100 publishes a second on a connection, one CONNECT
                           a second of a client id
  --lenient                take a policy that has something IoT Core Local does not know; the unknown part denies, and the log names it
  --detach                 go on when the process that started it is gone, as with systemd; otherwise it ends with npm or the shell
  --help                   this text

Examples:
  npm run local
  npm run local -- --port 0 --api-port 0
  npm run local -- --empty --as docs/permissions/deploy.json
  npm run local -- --template ../other/cdk.out/Other.template.json
`;

const options = {
  port: { type: 'string', default: '8883' },
  'api-port': { type: 'string', default: '8884' },
  shell: { type: 'string', default: 'bash' },
  ...fleetOption,
  empty: { type: 'boolean', default: false },
  template: { type: 'string', multiple: true },
  parameter: { type: 'string', multiple: true },
  account: { type: 'string' },
  region: { type: 'string' },
  'run-functions': { type: 'boolean', default: false },
  as: { type: 'string' },
  strict: { type: 'boolean', default: false },
  lenient: { type: 'boolean', default: false },
  detach: { type: 'boolean', default: false },
} as const;

runCommand('local', { usage, options }, async (values) => {
  const shell = oneOf('shell', values.shell, shells);
  const ports = { port: portNumber('port', values.port), apiPort: portNumber('api-port', values['api-port']) };
  if (values.template !== undefined && values.fleet !== undefined) {
    throw new UsageError('--template and --fleet exclude each other: a template has devices of its own.');
  }
  if (values.empty && (values.template ?? values.fleet) !== undefined) {
    throw new UsageError('--empty serves an account with nothing in it: leave out --fleet and --template.');
  }
  if (values.template === undefined) refuseTemplateOptions(values);
  const userPolicy = values.as === undefined ? undefined : readUserPolicy(resolve(startedFrom, values.as));
  const start = { ...ports, log, strict: values.strict, lenient: values.lenient, rsaEndpoint: true, userPolicy };
  const core = await (values.empty
    ? serveAccount(start, shell)
    : values.template === undefined
      ? serveFleet({ ...start, context: fleetContext(values.fleet) }, shell)
      : serveTemplates({
          ...start,
          paths: values.template.map((path) => resolve(startedFrom, path)),
          parameters: parametersOf(values.parameter ?? []),
          account: values.account,
          region: values.region,
          runFunctions: values['run-functions'],
        }));
  console.error(`Serving MQTT on ${core.host}:${core.port} and the AWS IoT API on ${core.apiUrl}. Ctrl-C ends it.\n`);
  const served = values.empty ? 'account' : values.template === undefined ? 'fleet' : 'templates';
  const fleetFile = values.fleet === undefined ? undefined : resolve(startedFrom, values.fleet);
  const { host, port, apiUrl } = core;
  const forget = keepServing(devicesRoot, { served, fleetFile, host, port, apiUrl });
  await new Promise<void>((resolve) => {
    onEndSignal(() => resolve());
    if (values.detach) return;
    onParentGone(() => {
      console.error('The process that started this one is gone, so it ends. With --detach it would go on.');
      resolve();
    });
  });
  forget();
  await core.stop();
  return 0;
});

async function serveFleet(start: LocalFleetOptions, shell: Shell): Promise<LocalIotCore> {
  const { core, fleet, folders } = await startLocalFleet(start);
  for (const { thingName } of fleet.cars) folders.get(thingName)!.writeMessages(blogMessages(thingName));
  console.log(printCommands(mosquittoCommands({ fleet, folders, endpoint: core, shell })));
  return core;
}

async function serveAccount(start: LocalFleetOptions, shell: Shell): Promise<LocalIotCore> {
  const core = await startLocalAccount(start);
  console.log(printEnvironment(accountEnvironment(core, devicesRoot), shell));
  console.error('Paste these lines into another terminal. What is deployed ends with this process.');
  return core;
}

async function serveTemplates(options: LocalTemplatesOptions): Promise<LocalIotCore> {
  const { core, folders, ignored } = await startLocalTemplates(options);
  if (ignored.length > 0) {
    const named = ignored.map(({ logicalId, type }) => `${logicalId} (${type})`);
    console.error(`Ignored, as no client of the message broker touches it: ${named.join(', ')}.`);
  }
  if (options.runFunctions) console.error('The functions in the template run with your own rights (--run-functions).');
  const { accountId, region } = core.registry.location;
  console.error(`The ARNs are of account ${accountId} in Region ${region}.`);
  if (folders.size === 0) {
    console.error(
      'Nothing is served: there is no thing and no certificate in the template. A nested stack has a template of its own; serve its folder, cdk.out.',
    );
  }
  for (const [name, { path }] of folders) console.log(`${name}  ${relative(startedFrom, path)}`);
  return core;
}

interface TemplateOptions {
  readonly parameter?: readonly string[];
  readonly account?: string;
  readonly region?: string;
  readonly 'run-functions': boolean;
}

/** @throws UsageError for an option that is about a template, where there is none */
function refuseTemplateOptions({ parameter, account, region, 'run-functions': runFunctions }: TemplateOptions): void {
  const given = { parameter, account, region, 'run-functions': runFunctions };
  for (const [name, value] of Object.entries(given)) {
    if (value) throw new UsageError(`--${name} goes with --template.`);
  }
}

/** @throws UsageError for what is not NAME=VALUE */
function parametersOf(texts: readonly string[]): Map<string, string> {
  return new Map(
    texts.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined) throw new UsageError(`--parameter is NAME=VALUE, not "${text}".`);
      return [name, value];
    }),
  );
}

function log({ level, message }: LogEntry): void {
  const time = new Date().toTimeString().slice(0, 8);
  console.error(`${time}  ${level === 'info' ? ' ' : '!'} ${message}`);
}
