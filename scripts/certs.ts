import './quiet-sdk';
import { accountTarget } from '../lib/devices/account-target';
import { readEndpoint, writeEndpoint } from '../lib/devices/endpoint';
import { foldersOf } from '../lib/devices/folders';
import { blogMessages } from '../lib/devices/messages';
import { mosquittoCommands, printCommands } from '../lib/devices/mosquitto-commands';
import { shells } from '../lib/devices/shell';
import { clientsOfAccount } from '../lib/enrollment/aws-clients';
import { AwsIot } from '../lib/enrollment/aws-iot';
import { type Enrollment, enrollFleet } from '../lib/enrollment/enrollment';
import { regionOfAccount } from '../lib/enrollment/region';
import { rootsOf } from '../lib/enrollment/root-certificates';
import { Fleet } from '../lib/fleet/fleet';
import { devicesRoot, readContext } from '../lib/fleet/project';
import { accountLine } from './account-line';
import { oneOf, runCommand } from './command-line';

const usage = `
Usage: npm run certs [-- options]

Run it after cdk deploy. It puts each device's certificate from AWS IoT Core into devices/aws/<thing>/, beside its key, with Amazon's root
certificates. It keeps the account's data endpoint in devices/aws/endpoint.json. Then it prints the blog post's mosquitto command for each
device, if there are at most 20. It changes nothing on AWS, and can be run again at any time.

With FLEET_TARGET=account, which npm run local -- --empty prints, all of that is in devices/account, with the root certificate of IoT Core
Local.

Options:
  --shell bash|powershell  the shell that the commands are printed for; bash means any POSIX shell (default: bash)
  --help                   this text

Examples:
  npm run certs
  AWS_PROFILE=dev npm run certs
  npm run certs -- --shell powershell

It uses the credentials and the Region that cdk deploy uses: AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION and so on.
Exit code: 0 if every device has its certificate, 1 if not.
`;

const options = { shell: { type: 'string', default: 'bash' } } as const;

/** The most devices for which commands are printed. Nobody opens more terminals. */
const mostTerminals = 20;

runCommand('certs', { usage, options }, async (values) => {
  const shell = oneOf('shell', values.shell, shells);
  const fleet = Fleet.fromContext(readContext().fleet);
  const target = accountTarget();
  const folders = foldersOf(fleet, devicesRoot, target);
  const region = await regionOfAccount();
  console.error(accountLine(region));
  const aws = new AwsIot(clientsOfAccount(region.name).iot, await rootsOf(process.env.AWS_ENDPOINT_URL));
  // Asked first: without credentials it would fail for each device.
  const endpoint = await aws.dataEndpoint();
  const enrolled = new Set<string>();
  let done = 0;
  await enrollFleet(aws, folders.values(), (enrollment) => {
    done += 1;
    if (enrollment.outcome !== 'failed') enrolled.add(enrollment.thingName);
    report(enrollment, `${done}/${folders.size}`);
  });
  if (enrolled.size > 0) writeEndpoint(endpoint, devicesRoot, target);
  for (const { thingName } of fleet.cars) {
    if (enrolled.has(thingName)) folders.get(thingName)!.writeMessages(blogMessages(thingName));
  }

  const failed = folders.size - enrolled.size;
  if (failed > 0) {
    console.error(
      `\n${failed} of ${folders.size} devices have no certificate yet. Correct that, then run npm run certs again.`,
    );
    return 1;
  }
  if (folders.size > mostTerminals) {
    console.log(
      `\n${folders.size} devices have their certificates. npm run commands prints a mosquitto command for each.`,
    );
    return 0;
  }
  console.log(
    `\n${printCommands(mosquittoCommands({ fleet, folders, endpoint: readEndpoint(target, devicesRoot), shell }))}`,
  );
  return 0;
});

function report(enrollment: Enrollment, progress: string): void {
  const { thingName, outcome } = enrollment;
  const told = { written: 'certificate written', unchanged: 'has its certificate', failed: 'FAILED' }[outcome];
  console.error(`${progress}  ${thingName}: ${told}${outcome === 'failed' ? `. ${enrollment.reason}` : ''}`);
}
