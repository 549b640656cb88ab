import { DeviceFolder } from '../devices/device-folder';
import * as project from '../fleet/project';
import type { LocalIotCore } from '../iot-core-local/local-iot-core';
import { didYouMean } from '../util/closest';
import { type LocalFleetOptions, startLocalIotCore } from './local-fleet';
import { readTemplates, type TemplateFile } from './template-files';
import { locationOf, type WantedLocation } from './template-location';

export interface LocalTemplatesOptions extends Omit<LocalFleetOptions, 'context'>, WantedLocation {
  /** Files and folders, as {@link readTemplates} takes them. */
  readonly paths: readonly string[];
  /** Values of the templates' parameters, by name. */
  readonly parameters?: ReadonlyMap<string, string>;
  /** Whether the functions of custom resources run, whose code is in the template. @default false */
  readonly runFunctions?: boolean;
}

/** Templates that are served. */
export interface LocalTemplates {
  readonly core: LocalIotCore;
  /** The folder of each device's certificates and root certificate, by its name. */
  readonly folders: ReadonlyMap<string, DeviceFolder>;
  /** The resources that are ignored. */
  readonly ignored: readonly { readonly logicalId: string; readonly type: string }[];
}

/**
 * Serves the AWS IoT resources of templates that were made elsewhere.
 *
 * A template's keys are wherever its certificate requests were made, so its certificates go into folders of their own.
 *
 * @throws Error naming the file or option and what is wrong with it, or PortError; nothing is left running then
 */
export async function startLocalTemplates({
  paths,
  parameters = new Map(),
  runFunctions = false,
  account,
  region,
  devicesRoot = project.devicesRoot,
  ...options
}: LocalTemplatesOptions): Promise<LocalTemplates> {
  const templates = await readTemplates(paths);
  refuseUnknownParameters(parameters, templates);
  const location = locationOf({ account, region }, templates, (message) => options.log?.({ level: 'warn', message }));
  const customResources = runFunctions ? 'optional' : 'ignored';
  const core = await startLocalIotCore({ ...options, devicesRoot, location, customResources });
  try {
    await deployAll(core, templates, parameters);
    return { core, folders: foldersOf(core, devicesRoot), ignored: core.ignoredResources };
  } catch (error) {
    await core.stop();
    throw error;
  }
}

/** Deploys templates in their order, but one that needs an output of another after that one. */
async function deployAll(
  core: LocalIotCore,
  templates: readonly TemplateFile[],
  parameters: ReadonlyMap<string, string>,
): Promise<void> {
  let waiting = templates;
  while (waiting.length > 0) {
    const failures: Error[] = [];
    const next: TemplateFile[] = [];
    for (const template of waiting) {
      try {
        await core.deploy(template.template, template.stackName, parametersFor(template, parameters));
      } catch (error) {
        if (!/^No (export|output) named .* found\.$/.test((error as Error).message)) throw named(template, error);
        failures.push(named(template, error));
        next.push(template);
      }
    }
    if (next.length === waiting.length) throw failures[0];
    waiting = next;
  }
}

function named({ file }: TemplateFile, error: unknown): Error {
  return new Error(`${file}: ${(error as Error).message}`, { cause: error });
}

function declaredIn({ template }: TemplateFile): Record<string, { Default?: unknown }> {
  return Object((template as { Parameters?: unknown } | null)?.Parameters);
}

/** @throws Error naming a parameter that needs a value */
function parametersFor(template: TemplateFile, given: ReadonlyMap<string, string>): Record<string, string> {
  const declared = Object.entries(declaredIn(template));
  const missing = declared.filter(([name, parameter]) => !given.has(name) && parameter?.Default === undefined);
  if (missing.length > 0) {
    const names = missing.map(([name]) => `"${name}"`).join(', ');
    const flags = missing.map(([name]) => `--parameter ${name}=VALUE`).join(' ');
    throw new Error(`a parameter without a default needs a value: ${names}. Give it: ${flags}`);
  }
  return Object.fromEntries([...given].filter(([name]) => declared.some(([known]) => known === name)));
}

function refuseUnknownParameters(given: ReadonlyMap<string, string>, templates: readonly TemplateFile[]): void {
  const declared = new Set(templates.flatMap((template) => Object.keys(declaredIn(template))));
  for (const name of given.keys()) {
    if (!declared.has(name)) throw new Error(`No template has a parameter "${name}".${didYouMean(name, declared)}`);
  }
}

/** A folder for each thing, and for each certificate that is attached to none. */
function foldersOf(core: LocalIotCore, devicesRoot: string): Map<string, DeviceFolder> {
  const folders = new Map<string, DeviceFolder>();
  const keep = (name: string, certificatePems: readonly string[]): void => {
    const folder = new DeviceFolder(devicesRoot, 'template', name);
    folder.writeRootCa(core.rootCaPem);
    for (const certificatePem of certificatePems) folder.keepCertificate(certificatePem);
    folders.set(name, folder);
  };
  const pems = (thingName: string) => core.certificatesOf(thingName).map(({ certificatePem }) => certificatePem);
  for (const { thingName } of core.registry.listThings()) keep(thingName, pems(thingName));
  for (const { certificateArn, certificateId, certificatePem } of core.registry.listCertificates()) {
    if (core.registry.listPrincipalThings(certificateArn).length === 0) {
      keep(certificateId.slice(0, 16), [certificatePem]);
    }
  }
  return folders;
}
