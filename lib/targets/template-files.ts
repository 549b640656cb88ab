import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseTemplateBody } from '../iot-core-local/cloudformation/template/template-body';
import { isRegion } from '../iot-core-local/registry/arns';
import { isObject } from '../util/json';
import { reasonOf } from '../util/reason-of';

/** A template that is to be served. */
export interface TemplateFile {
  /** For messages. */
  readonly file: string;
  readonly stackName: string;
  /** The parsed template. The templates of its nested stacks are in it. */
  readonly template: unknown;
  /** Where the CDK says that it is to be deployed, as far as it knows. @default - it does not say */
  readonly environment?: { readonly accountId?: string; readonly region?: string };
}

/**
 * The templates of files and folders.
 *
 * A folder is a cloud assembly of the CDK (`cdk.out`), with the assemblies of stages in it, or has template files. A nested stack's template
 * is beside its parent's, under the name that the CDK leaves in the metadata `aws:asset:path`, or else in the list of assets.
 *
 * @param paths - in the order in which they are to be deployed
 * @throws Error naming the file that cannot be read
 */
export async function readTemplates(paths: readonly string[]): Promise<TemplateFile[]> {
  const found: Found[] = [];
  for (const path of paths) found.push(...(isFolder(path) ? templatesIn(path) : [{ file: path }]));
  if (found.length === 0) {
    throw new Error(`${paths.join(', ')} has no template: *.template.json, *.template or *.yaml.`);
  }
  const names = new Set<string>();
  const read: TemplateFile[] = [];
  for (const { file, stackName = stackNameOf(file), environment } of found) {
    const name = distinct(stackName, names);
    names.add(name);
    read.push({
      file,
      stackName: name,
      environment,
      template: await withNestedTemplates(await readTemplate(file), file),
    });
  }
  return read;
}

interface Found {
  readonly file: string;
  readonly stackName?: string;
  readonly environment?: TemplateFile['environment'];
}

function isFolder(path: string): boolean {
  return reading(path, () => statSync(path).isDirectory());
}

/** The templates of a folder: those of its manifest, or all of its files that are named as templates are. */
function templatesIn(folder: string): Found[] {
  const names = readdirSync(folder).sort();
  if (names.includes('manifest.json')) return templatesOfAssembly(folder);
  return names
    .filter((name) => /\.template(\.json|\.ya?ml)?$|\.ya?ml$/.test(name) && !/\.nested\.template\.json$/.test(name))
    .map((name) => ({ file: join(folder, name) }));
}

/** What a manifest says of an artifact, as far as it is read here. */
interface Artifact {
  readonly type?: string;
  readonly environment?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
  readonly dependencies?: readonly string[];
}

/** @see https://docs.aws.amazon.com/cdk/api/v2/docs/cloud-assembly-schema-readme.html */
function templatesOfAssembly(folder: string): Found[] {
  const { artifacts = {} } = readJsonObject<{ artifacts?: Record<string, Artifact> }>(join(folder, 'manifest.json'));
  const ordered = new Map<string, Artifact>();
  const add = (id: string): void => {
    const artifact = artifacts[id];
    if (!artifact || ordered.has(id)) return;
    ordered.set(id, artifact);
    for (const dependency of artifact.dependencies ?? []) add(dependency);
    // Again, so that it stands behind its dependencies.
    ordered.delete(id);
    ordered.set(id, artifact);
  };
  for (const id of Object.keys(artifacts)) add(id);
  return [...ordered].flatMap(([id, { type, properties = {}, environment }]) => {
    if (type === 'cdk:cloud-assembly') return templatesOfAssembly(join(folder, String(properties.directoryName)));
    if (type !== 'aws:cloudformation:stack') return [];
    const file = join(folder, String(properties.templateFile));
    return [{ file, stackName: properties.stackName ?? id, environment: environmentIn(environment) }];
  });
}

/** `aws://123456789012/us-east-1`, or with `unknown-account` or `unknown-region`. */
function environmentIn(text: string | undefined): TemplateFile['environment'] {
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(text ?? '') ?? [];
  if (account === undefined) return undefined;
  return {
    accountId: /^\d{12}$/.test(account) ? account : undefined,
    region: isRegion(region) ? region : undefined,
  };
}

async function readTemplate(file: string): Promise<unknown> {
  const text = reading(file, () => readFileSync(file, 'utf8'));
  try {
    return await parseTemplateBody(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new Error(`${file} is not a template: ${(error as Error).message}`);
  }
}

/** @throws Error naming the file that is not there, or has something else than a JSON object */
function readJsonObject<T extends object>(file: string): T {
  const value: unknown = reading(file, () => JSON.parse(readFileSync(file, 'utf8')));
  if (isObject(value)) return value as T;
  throw new Error(`${file} is not a JSON object.`);
}

/** @throws Error naming the path, for whatever the action throws */
function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${path} cannot be read: ${reasonOf(error)}.`);
  }
}

/** A template with the templates of its nested stacks in it, as IoT Core Local wants them: a property of JSON text. */
async function withNestedTemplates(template: unknown, file: string): Promise<unknown> {
  const { Resources } = Object(template) as { Resources?: Record<string, NestedResource> };
  const resources: Record<string, unknown> = { ...Resources };
  for (const [logicalId, resource] of Object.entries(Resources ?? {})) {
    if (resource?.Type !== 'AWS::CloudFormation::Stack') continue;
    const path = nestedPathOf(resource, dirname(file));
    if (path === undefined) continue;
    const nestedFile = join(dirname(file), path);
    const nested = await withNestedTemplates(await readTemplate(nestedFile), nestedFile);
    const Properties = { ...resource.Properties, TemplateBody: JSON.stringify(nested) };
    resources[logicalId] = { ...resource, Properties };
  }
  return Resources === undefined ? template : { ...Object(template), Resources: resources };
}

function nestedPathOf({ Metadata, Properties }: NestedResource, folder: string): string | undefined {
  const path = Metadata?.['aws:asset:path'];
  if (typeof path === 'string') return path;
  // The URL ends in the asset's hash.
  const url = JSON.stringify(Properties?.TemplateURL ?? '');
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.assets.json'))) {
    const { files = {} } = readJsonObject<{ files?: Record<string, { source?: { path?: string } }> }>(
      join(folder, name),
    );
    const found = Object.entries(files).find(([hash]) => url.includes(hash));
    if (found) return found[1].source?.path;
  }
  return undefined;
}

interface NestedResource {
  readonly Type?: unknown;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** `Fleet` for `cdk.out/Fleet.template.json`: letters, digits and hyphens, a letter first. */
function stackNameOf(file: string): string {
  const name = basename(file).replace(/(\.template)?(\.json|\.ya?ml)?$/, '');
  const plain = name.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^[^a-zA-Z]+|-+$/g, '');
  return plain === '' ? 'Template' : plain.slice(0, 100);
}

function distinct(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate); count += 1) candidate = `${name}-${count}`;
  return candidate;
}
