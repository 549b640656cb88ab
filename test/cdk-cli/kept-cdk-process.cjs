// The process of KeptCdk. It performs one command of the CDK's CLI after another, and says on both streams when each has ended.

// What the CLI's own program calls. By its path, as the package exports nothing.
const { cli } = require('../../node_modules/aws-cdk/lib/index.js');

const variables = { ...process.env };

process.on('message', ({ args, folder, environment, end }) => {
  process.chdir(folder);
  for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
  Object.assign(process.env, variables, environment);
  process.exitCode = undefined;
  process.once('beforeExit', (exitCode) => {
    process.channel.ref();
    for (const stream of [process.stdout, process.stderr]) stream.write(`${end}${exitCode}\n`);
  });
  // Without the channel nothing but the command keeps the process. When it has ended, Node.js would end too.
  process.channel.unref();
  cli(args);
});
