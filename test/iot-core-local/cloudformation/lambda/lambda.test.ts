import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Lambda } from '../../../../lib/iot-core-local/cloudformation/lambda/lambda';
import { Iam } from '../../../../lib/iot-core-local/iam/iam';
import { defaultLocation as location } from '../../../../lib/iot-core-local/registry/arns';
import { roleOf } from '../../../support/role-of';

/** A process that runs a function, which opens a connection to a port and then does not end. */
function runEndless(port: number, rest: string) {
  const code = `exports.handler = () => new Promise(() => {
    const socket = require('node:net').connect(${port}, '127.0.0.1');
    socket.write(String(process.pid), () => { ${rest} });
  });`;
  const script = `
    const { Lambda } = require('./lib/iot-core-local/cloudformation/lambda/lambda');
    const { defaultLocation: location } = require('./lib/iot-core-local/registry/arns');
    const { Iam } = require('./lib/iot-core-local/iam/iam');
    const log = () => {};
    const iam = new Iam({ location, log });
    const trust = ${JSON.stringify(roleOf([]).Properties.AssumeRolePolicyDocument)};
    const role = iam.roles.createRole('role', '/', trust).arn;
    const lambda = new Lambda({ location, iam, log, apiUrl: () => 'http://127.0.0.1:1' });
    const inline = { name: 'f', code: process.argv[1], handler: 'handler', timeout: 900, variables: {}, role };
    lambda.createFunction('arn', inline);
    lambda.invoke('arn', {}, 900);`;
  const args = ['--require', 'tsx/cjs', '-e', script, code];
  return spawn(process.execPath, args, { cwd: join(__dirname, '../../../..'), stdio: 'inherit' });
}

let undo: (() => void)[] = [];

// What a test leaves running, also one that fails.
afterEach(() => {
  for (const each of undo) each();
  undo = [];
});

test.each([
  ['waits', ''],
  ['never yields', 'setImmediate(() => { while (true); })'],
])('A function that %s ends when IoT Core Local is killed', async (_, rest) => {
  const server = createServer();
  undo.push(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const parent = runEndless((server.address() as AddressInfo).port, rest);
  undo.push(() => parent.kill('SIGKILL'));
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.on('error', () => {});
  const [pid] = await once(socket, 'data');
  undo.push(() => {
    socket.destroy();
    end(Number(pid));
  });
  const closed = once(socket, 'close');
  parent.kill('SIGKILL');
  await closed;
});

test('The time that a function has left does not follow the wall clock', async () => {
  const lines: string[] = [];
  const log = ({ message }: { message: string }) => void lines.push(message);
  const iam = new Iam({ location, log });
  const role = iam.roles.createRole('role', '/', roleOf([]).Properties.AssumeRolePolicyDocument).arn;
  const lambda = new Lambda({ location, iam, log, apiUrl: () => 'http://127.0.0.1:1' });
  const code = `exports.handler = async (event, context) => {
    const before = context.getRemainingTimeInMillis();
    Date.now = () => 0;
    const after = context.getRemainingTimeInMillis();
    console.log(0 < after && after <= before && before <= 60_000);
  };`;
  lambda.createFunction('arn', { name: 'f', code, handler: 'handler', timeout: 60, variables: {}, role });
  await lambda.invoke('arn', {}, 900);
  expect(lines).toEqual(['f: true']);
});

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
