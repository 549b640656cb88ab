// Refuses a Node.js that is older than package.json says. npm ci does too, but one that is used after that fails late, with an error that does not
// name it. Each npm script loads this file first, and so does the CDK app: cdk.json.

const { engines } = require('../package.json');

const oldest = Number.parseInt(/\d+/.exec(engines.node)[0], 10);
if (Number.parseInt(process.versions.node, 10) < oldest) {
  process.stderr.write(`This is Node.js ${process.versions.node}. This project needs Node.js ${oldest} or later.\n`);
  process.exit(1);
}
