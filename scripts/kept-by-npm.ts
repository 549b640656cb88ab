type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;

/**
 * The options that npm took for itself because no `--` came before them, as a person should have written them: `npm start -- --json`.
 *
 * npm hands an option that it took to the script in the environment, as `npm_config_json`. A value that follows it comes as an argument, so
 * the first argument is taken for the value of the first such option. npm does not hand on an option that it takes for an abbreviation of
 * its own: `--local` is one.
 *
 * @param command - as a person types it: `npm run status`
 * @param script - the name of the npm script; the environment of another script is not this one's
 */
export function keptByNpm(
  command: string,
  script: string,
  options: Options,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  if (env.npm_lifecycle_event !== script) return undefined;
  const values = args.filter((arg) => !arg.startsWith('-'));
  const kept = Object.entries(options).flatMap(([name, { type }]) => {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`];
    const isGiven = args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
    if (value === undefined || value === '' || isGiven) return [];
    if (type === 'boolean') return value === 'true' ? [`--${name}`] : [];
    return [`--${name} ${value === 'true' ? (values.shift() ?? '…') : value}`];
  });
  if (kept.length === 0) return undefined;
  const names = kept.map((option) => option.split(' ')[0]).join(' and ');
  return `npm kept ${names} for itself. Write: ${command} -- ${[...kept, ...args.filter((arg) => arg.startsWith('-'))].join(' ')}`;
}
