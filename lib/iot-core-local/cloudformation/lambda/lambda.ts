import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import type { Iam, SessionCredentials } from '../../iam/iam';
import type { Log } from '../../log';
import type { Location } from '../../registry/arns';

/** A function whose code is in the template. */
export interface InlineFunction {
  readonly name: string;
  /** CommonJS. */
  readonly code: string;
  /** The name of the export that is called. */
  readonly handler: string;
  /** Seconds. */
  readonly timeout: number;
  readonly variables: Readonly<Record<string, string>>;
  /** The ARN of the role whose rights it has. */
  readonly role: string;
}

export interface LambdaOptions {
  readonly location: Location;
  readonly iam: Iam;
  /** The function's AWS_ENDPOINT_URL. If it is undefined, no function runs, because it would call AWS. */
  readonly apiUrl: () => string | undefined;
  readonly log: Log;
}

/**
 * AWS Lambda, as far as the template's custom resources need it. It runs a function's code in a Node.js process of its own, where the AWS
 * SDK finds IoT Core Local, and the keys of a session of the function's role.
 */
export class Lambda {
  private readonly functions = new Map<string, InlineFunction>();
  private readonly running = new Set<ChildProcess>();
  private isStopped = false;

  constructor(private readonly options: LambdaOptions) {}

  createFunction(arn: string, inlineFunction: InlineFunction): void {
    this.functions.set(arn, inlineFunction);
  }

  deleteFunction(arn: string): void {
    this.functions.delete(arn);
  }

  /**
   * Calls a function's handler, and resolves when its process has ended. The function's output goes into the log.
   *
   * @param limit - seconds after which the caller no longer waits, even if the function's own timeout is longer
   * @throws Error that says why it was not called, or how it failed
   */
  async invoke(arn: string, event: object, limit: number): Promise<void> {
    if (this.isStopped) throw new Error('IoT Core Local has stopped.');
    const called = this.functions.get(arn);
    if (!called) throw new Error(`"${arn}" is not a function with inline Node.js code.`);
    const { name } = called;
    const timeout = Math.min(called.timeout, limit);
    const { iam } = this.options;
    const environment = this.environmentOf(called);
    const session = iam.assumeRole(called.role, name);
    const child = spawn(process.execPath, ['--input-type=commonjs', '-'], {
      // From here Node.js finds the AWS SDK, as in Lambda's runtime: from any folder of the project, and in a bundle this is the script's.
      cwd: __dirname,
      env: { ...environment, ...keysOf(session) },
      timeout: timeout * 1000,
      killSignal: 'SIGKILL',
      // The last is a pipe that ends with this process.
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    this.running.add(child);
    child.once('close', () => {
      this.running.delete(child);
      iam.endSession(session);
    });
    const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    // The process may end before it has read all of its input.
    child.stdin!.on('error', () => {}).end(programOf(called, event));
    const [output, complaints, [exitCode, signal]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      closed,
    ]);
    this.report(name, output + complaints);
    if (signal === 'SIGKILL') {
      if (timeout < called.timeout) {
        throw new Error('CloudFormation did not receive a response from your Custom Resource.');
      }
      throw new Error(`It timed out after ${timeout} seconds.`);
    }
    if (exitCode !== 0) throw new Error(`It failed: ${complaints.trim() || `exit code ${exitCode}`}`);
  }

  /** Ends the functions that are running, and calls no more. */
  stop(): void {
    this.isStopped = true;
    for (const child of this.running) child.kill('SIGKILL');
  }

  private environmentOf({ name, variables }: InlineFunction): NodeJS.ProcessEnv {
    const apiUrl = this.options.apiUrl();
    const { location } = this.options;
    if (apiUrl === undefined) {
      throw new Error(`The function "${name}" can run only where IoT Core Local serves its API: set apiPort.`);
    }
    return {
      ...variables,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_REGION: location.region,
      AWS_ENDPOINT_URL: apiUrl,
      // The function must not find the user's own AWS settings.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      NODE_NO_WARNINGS: '1',
      // Windows opens no socket without it.
      ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
    };
  }

  private report(name: string, output: string): void {
    for (const line of output.split('\n')) {
      if (line !== '') this.options.log({ level: 'info', message: `${name}: ${line}` });
    }
  }
}

/**
 * Runs beside the function, in a thread of its own, so that even a function that never yields ends when IoT Core Local ends, however that
 * happens. Pipe 3 is closed then.
 */
const watcher = `
  const end = () => process.kill(process.pid, 'SIGKILL');
  new (require('node:net').Socket)({ fd: 3, readable: true }).on('close', end).on('error', end).resume();`;

function keysOf({ accessKeyId, secretAccessKey, sessionToken }: SessionCredentials): NodeJS.ProcessEnv {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}

function programOf({ name, code, handler, timeout }: InlineFunction, event: object): string {
  return `
    new (require('node:worker_threads').Worker)(${JSON.stringify(watcher)}, { eval: true });
    (function (exports, require, module) {${code}
    })(exports, require, module);
    const end = performance.now() + ${timeout * 1000};
    const context = { functionName: ${JSON.stringify(name)}, getRemainingTimeInMillis: () => Math.round(end - performance.now()) };
    new Promise((resolve) => resolve(module.exports[${JSON.stringify(handler)}](${JSON.stringify(event)}, context))).then(
      () => process.exit(0),
      (error) => { console.error(error); process.exit(1); },
    );`;
}
