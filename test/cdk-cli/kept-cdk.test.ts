import { temporaryFolder } from '../support/temporary-folder';
import { useKeptCdk } from './kept-cdk';

const cdk = useKeptCdk();
const options = { folder: temporaryFolder(), environment: {} };

test('A command of the CDK’s CLI that ends the kept process has its output and exit code, and the next command gets another process', async () => {
  expect(await cdk(['--version'], options)).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^2\./) });
  expect(await cdk(['list'], options)).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining('--app is required'),
  });
}, 30_000);
