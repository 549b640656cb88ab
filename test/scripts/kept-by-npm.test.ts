import { keptByNpm } from '../../scripts/kept-by-npm';

const options = {
  json: { type: 'boolean' },
  messages: { type: 'string' },
  'api-port': { type: 'string' },
} as const;

/** What is said when npm runs the script `start` with these settings and hands these arguments on. */
const kept = (env: Record<string, string>, ...args: string[]) =>
  keptByNpm('npm start', 'start', options, args, { npm_lifecycle_event: 'start', ...env });

// What npm 11 does with: npm start --json; npm start --messages 5; npm start --messages=5; npm start --api-port 8999 --json
test.each<[Record<string, string>, string[], string]>([
  [{ npm_config_json: 'true' }, [], 'npm kept --json for itself. Write: npm start -- --json'],
  [{ npm_config_messages: 'true' }, ['5'], 'npm kept --messages for itself. Write: npm start -- --messages 5'],
  [{ npm_config_messages: '5' }, [], 'npm kept --messages for itself. Write: npm start -- --messages 5'],
  [
    { npm_config_api_port: 'true', npm_config_json: 'true' },
    ['8999'],
    'npm kept --json and --api-port for itself. Write: npm start -- --json --api-port 8999',
  ],
  [{ npm_config_messages: 'true' }, [], 'npm kept --messages for itself. Write: npm start -- --messages …'],
  [
    { npm_config_json: 'true' },
    ['--messages=5'],
    'npm kept --json for itself. Write: npm start -- --json --messages=5',
  ],
])('With %j and the arguments %j a person is told what to write', (env, args, sentence) => {
  expect(kept(env, ...args)).toBe(sentence);
});

test.each<[string, Record<string, string>, string[]]>([
  ['nothing was kept', {}, ['--json']],
  ['an option is given and in the environment', { npm_config_json: 'true' }, ['--json']],
  ['npm has the opposite', { npm_config_json: '' }, []],
  ['it is the environment of another script', { npm_config_json: 'true', npm_lifecycle_event: 'test' }, []],
])('Nothing is said if %s', (_case, env, args) => {
  expect(kept(env, ...args)).toBeUndefined();
});
