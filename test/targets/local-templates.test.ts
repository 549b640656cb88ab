import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CfnCertificate,
  CfnPolicy,
  CfnPolicyPrincipalAttachment,
  CfnThing,
  CfnThingPrincipalAttachment,
} from 'aws-cdk-lib/aws-iot';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { App, CfnParameter, CustomResource, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib/core';
import { newCertificateRequest } from '../../lib/devices/certificate-request';
import { defaultLocation } from '../../lib/iot-core-local/registry/arns';
import { type LocalTemplatesOptions, startLocalTemplates } from '../../lib/targets/local-templates';
import { newPrivateKey } from '../../lib/util/private-key';
import { policyOf } from '../support/iot-core-fixture';
import { roleOf } from '../support/role-of';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();
const devicesRoot = join(root, 'devices');
let csr: string;
let count = 0;

beforeAll(async () => {
  csr = await newCertificateRequest(createPrivateKey(newPrivateKey()), 'car1');
});

/** Writes a template, or any text, to a file of its own. */
function fileOf(content: object | string, name = 'Cars.template.json'): string {
  count += 1;
  const folder = join(root, String(count));
  mkdirSync(folder);
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

type Options = Omit<LocalTemplatesOptions, 'devicesRoot'>;

/** Serves templates for as long as a test looks at them. */
async function served<T>(
  options: Options,
  look: (result: Awaited<ReturnType<typeof startLocalTemplates>>) => T,
): Promise<T> {
  const result = await startLocalTemplates({ port: 0, apiPort: 0, devicesRoot, ...options });
  try {
    return look(result);
  } finally {
    await result.core.stop();
  }
}

/** The names of all things that are served. */
const thingsOf = (options: Options) =>
  served(options, ({ core }) => core.registry.listThings().map(({ thingName }) => thingName));

const thing = (ThingName?: unknown) => ({ Type: 'AWS::IoT::Thing', Properties: { ThingName } });

function device(name: string) {
  const Principal = { 'Fn::GetAtt': ['Certificate', 'Arn'] };
  return {
    Thing: thing(name),
    Certificate: { Type: 'AWS::IoT::Certificate', Properties: { CertificateSigningRequest: csr, Status: 'ACTIVE' } },
    Attachment: { Type: 'AWS::IoT::ThingPrincipalAttachment', Properties: { ThingName: { Ref: 'Thing' }, Principal } },
  };
}

test('A thing’s certificate and the root certificate are in its folder, and a certificate of no thing has its own', async () => {
  const { Certificate } = device('');
  const paths = [fileOf({ Resources: { ...device('lamp'), Alone: Certificate } })];
  await served({ paths }, ({ folders, core }) => {
    const [[name, lamp], [, alone]] = [...folders];
    expect([name, lamp.path]).toEqual(['lamp', join(devicesRoot, 'template', 'lamp')]);
    const pems = [lamp, alone].map(({ certificateFile }) => readFileSync(certificateFile, 'utf8'));
    expect(new Set(pems)).toEqual(
      new Set(core.registry.listCertificates().map(({ certificatePem }) => certificatePem)),
    );
    expect(readFileSync(alone.rootCaFile, 'utf8')).toBe(core.rootCaPem);
  });
});

test('A thing without a name has the same name when it is served again', async () => {
  const paths = [fileOf({ Resources: { Thing: thing() } })];
  const first = await thingsOf({ paths });
  expect(first).toEqual([expect.stringMatching(/^Cars-Thing-[A-Z0-9]{12}$/)]);
  expect(await thingsOf({ paths })).toEqual(first);
});

test('A template in YAML is served, under the name of its file', async () => {
  const yaml = `Resources:\n  Thing:\n    Type: AWS::IoT::Thing\n    Properties:\n      ThingName: !Sub "\${AWS::StackName}-1"\n`;
  expect(await thingsOf({ paths: [fileOf(`\ufeff${yaml}`, 'my cars.yaml')] })).toEqual(['my-cars-1']);
});

test('A template that imports a value is deployed after the one that exports it, whatever their order', async () => {
  const importer = fileOf({ Resources: { Thing: thing({ 'Fn::ImportValue': 'Name' }) } }, 'Importer.template');
  const Outputs = { Name: { Value: 'b', Export: { Name: 'Name' } } };
  const exporter = fileOf({ Resources: { A: thing('a') }, Outputs });
  expect(await thingsOf({ paths: [importer, exporter] })).toEqual(['a', 'b']);
  await expect(thingsOf({ paths: [importer] })).rejects.toThrow(/Importer\.template: No export named Name found/);
});

test('An output of another template is taken, as the CDK’s weak references take it', async () => {
  const output = { StackName: 'Cars', OutputName: 'Name', Region: 'us-east-1' };
  const taker = (changes: object = {}) =>
    fileOf({ Resources: { Thing: thing({ 'Fn::GetStackOutput': { ...output, ...changes } }) } }, 'Taker.template');
  const giver = fileOf({ Resources: { A: thing('a') }, Outputs: { Name: { Value: 'b' } } });
  expect(await thingsOf({ paths: [taker(), giver] })).toEqual(['a', 'b']);
  await expect(thingsOf({ paths: [taker(), fileOf({ Resources: { A: thing('a') } })] })).rejects.toThrow(
    'No output named Name of the stack Cars found.',
  );
  await expect(thingsOf({ paths: [giver, taker({ Region: 'eu-west-1' })] })).rejects.toThrow(
    'in another Region or account',
  );
  await expect(thingsOf({ paths: [giver, taker({ RoleArn: 'x' })] })).rejects.toThrow('in another Region or account');
});

test('A parameter has the value that is given, or its default', async () => {
  const Parameters = { Name: { Type: 'String' }, Other: { Type: 'String', Default: 'b' } };
  const paths = [fileOf({ Parameters, Resources: { A: thing({ Ref: 'Name' }), B: thing({ Ref: 'Other' }) } })];
  expect(await thingsOf({ paths, parameters: new Map([['Name', 'a']]) })).toEqual(['a', 'b']);
  await expect(thingsOf({ paths })).rejects.toThrow(
    'a parameter without a default needs a value: "Name". Give it: --parameter Name=VALUE',
  );
  await expect(thingsOf({ paths, parameters: new Map([['Nam', 'a']]) })).rejects.toThrow(
    'No template has a parameter "Nam". Did you mean "Name"?',
  );
});

test('ARNs that a template writes out give the account and the Region', async () => {
  const Principal = { 'Fn::Join': ['', ['arn:aws:iot:eu-west-1:111122223333:cert/', { Ref: 'Certificate' }]] };
  const Properties = { ThingName: { Ref: 'Thing' }, Principal };
  const Attachment = { Type: 'AWS::IoT::ThingPrincipalAttachment', Properties };
  await served({ paths: [fileOf({ Resources: { ...device('env'), Attachment } })] }, ({ core }) => {
    expect(core.registry.describeThing('env').thingArn).toBe('arn:aws:iot:eu-west-1:111122223333:thing/env');
    expect(core.certificatesOf('env')).toHaveLength(1);
  });
});

test('What no client touches is ignored, and named', async () => {
  const Resources = {
    ...device('lamp'),
    Rule: { Type: 'AWS::IoT::TopicRule', Properties: { TopicRulePayload: { Sql: 'x' } } },
    Group: { Type: 'AWS::IoT::ThingGroup' },
    Domain: { Type: 'AWS::IoT::DomainConfiguration', Properties: { DomainName: 'x' } },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { X: { 'Fn::Cidr': ['unknown'] } } },
  };
  await served({ paths: [fileOf({ Resources })] }, ({ ignored }) => {
    expect(ignored.map(({ logicalId, type }) => `${logicalId} ${type}`)).toEqual([
      'Rule AWS::IoT::TopicRule',
      'Group AWS::IoT::ThingGroup',
      'Domain AWS::IoT::DomainConfiguration',
      'Table AWS::DynamoDB::Table',
    ]);
  });
});

const groupPolicy = {
  Group: { Type: 'AWS::IoT::ThingGroup' },
  Policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: policyOf(['iot:Connect client/x']) } },
  A: {
    Type: 'AWS::IoT::PolicyPrincipalAttachment',
    Properties: { PolicyName: { Ref: 'Policy' }, Principal: { 'Fn::GetAtt': ['Group', 'Arn'] } },
  },
};

const domainWith = (Properties: object) => ({ A: { Type: 'AWS::IoT::DomainConfiguration', Properties } });

test.each<[what: string, resources: object, message: string]>([
  [
    'a role alias',
    { A: { Type: 'AWS::IoT::RoleAlias' } },
    'which A is: it gives certificates the rights of an IAM role.',
  ],
  ['a provisioning template', { A: { Type: 'AWS::IoT::ProvisioningTemplate' } }, 'when devices first connect'],
  ['a domain with an authorizer', domainWith({ AuthorizerConfig: {} }), 'A domain with an authorizer'],
  [
    'a domain with custom authentication',
    domainWith({ AuthenticationType: 'CUSTOM_AUTH_X509' }),
    'with another authentication than by certificate',
  ],
  [
    'a domain whose function decides about certificates',
    domainWith({ ClientCertificateConfig: { ClientCertificateCallbackArn: 'arn:aws:lambda:us-east-1:1:function:f' } }),
    'A domain whose function decides about certificates (ClientCertificateConfig)',
  ],
  [
    'a domain of another protocol',
    domainWith({ ApplicationProtocol: 'MQTT_WSS' }),
    'A domain with the ApplicationProtocol "MQTT_WSS"',
  ],
  ['an unknown type of AWS IoT', { A: { Type: 'AWS::IoT::Novelty' } }, 'IoT Core Local has no AWS::IoT::Novelty'],
  ['a nested stack whose template is elsewhere', { A: { Type: 'AWS::CloudFormation::Stack' } }, 'is a file of its own'],
  ['a policy of a thing group', groupPolicy, 'is the ARN of a thing group, not of a certificate'],
])('A template with %s is refused by name', async (_, Resources, message) => {
  const file = fileOf({ Resources });
  await expect(thingsOf({ paths: [file] })).rejects.toThrow(message);
  await expect(thingsOf({ paths: [file] })).rejects.toThrow(file);
});

test('A function in a template is not run, unless a person says so', async () => {
  const proof = join(root, 'proof');
  const ZipFile = `exports.handler = async (event) => {
    require('node:fs').writeFileSync(${JSON.stringify(proof)}, '');
    const { StackId, RequestId, LogicalResourceId } = event;
    const answer = { Status: 'SUCCESS', PhysicalResourceId: 'x', StackId, RequestId, LogicalResourceId };
    await fetch(event.ResponseURL, { method: 'PUT', body: Buffer.from(JSON.stringify(answer)) });
  };`;
  const lambda = (Code: object) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Code, Handler: 'index.handler', Runtime: 'nodejs22.x', Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  });
  const custom = (name: string) => ({
    Type: 'Custom::X',
    Properties: { ServiceToken: { 'Fn::GetAtt': [name, 'Arn'] } },
  });
  const paths = [
    fileOf({
      Resources: {
        Role: roleOf([]),
        Inline: lambda({ ZipFile }),
        Asset: lambda({ S3Bucket: 'b', S3Key: 'k' }),
        Custom: custom('Inline'),
        Other: custom('Asset'),
      },
    }),
  ];
  const ids = (runFunctions: boolean) =>
    served({ paths, runFunctions }, ({ ignored }) => ignored.map(({ logicalId }) => logicalId).sort());
  expect(await ids(false)).toEqual(['Asset', 'Custom', 'Inline', 'Other', 'Role']);
  expect(existsSync(proof)).toBe(false);
  // A function whose code is elsewhere can never run.
  expect(await ids(true)).toEqual(['Asset', 'Other']);
  expect(existsSync(proof)).toBe(true);
});

/** An app with a nested stack, a reference from one stack to another, a function whose code is an asset, and a stage. */
function synthesize(outdir: string): void {
  const app = new App({ outdir, analyticsReporting: false });
  const env = { account: '111122223333', region: 'eu-west-1' };
  const devices = new Stack(app, 'Devices', { env });
  const nested = new NestedStack(devices, 'Nested', { parameters: { Prefix: 'nested' } });
  const { valueAsString: prefix } = new CfnParameter(nested, 'Prefix');
  const inner = new CfnThing(nested, 'Thing', { thingName: Fn.join('-', [prefix, 'thing']) });
  const outer = new CfnThing(devices, 'Outer', { thingName: Fn.join('-', ['of', inner.ref]) });
  const certificate = new CfnCertificate(devices, 'Certificate', { certificateSigningRequest: csr, status: 'ACTIVE' });
  const policy = new CfnPolicy(devices, 'Policy', { policyDocument: policyOf(['iot:Connect client/x']) });
  const principal = certificate.attrArn;
  new CfnPolicyPrincipalAttachment(devices, 'PolicyAttachment', { policyName: policy.ref, principal });
  new CfnThingPrincipalAttachment(devices, 'ThingAttachment', { thingName: outer.ref, principal });
  const importing = new Stack(app, 'A-stack-that-imports', { env });
  new CfnThing(importing, 'Thing', { thingName: Fn.join('-', ['imported', Fn.select(0, Fn.split('_', policy.ref))]) });
  const { attrArn } = new CfnFunction(importing, 'Function', {
    code: { s3Bucket: 'b', s3Key: 'k' },
    role: 'arn:aws:iam::111122223333:role/x',
    handler: 'index.handler',
    runtime: 'python3.13',
  });
  new CustomResource(importing, 'Custom', { serviceToken: attrArn });
  new CfnThing(new Stack(new Stage(app, 'Prod', { env }), 'Staged'), 'Thing', { thingName: 'staged' });
  app.synth();
}

test('A cloud assembly of the CDK is served whole: nested stacks, references across stacks, and stages', async () => {
  const outdir = join(root, 'cdk.out');
  synthesize(outdir);
  await served({ paths: [outdir] }, ({ core, ignored }) => {
    const { registry } = core;
    const names = registry.listThings().map(({ thingName }) => thingName);
    expect(names.sort()).toEqual(['imported-Policy', 'nested-thing', 'of-nested-thing', 'staged']);
    expect(registry.location).toEqual({
      ...defaultLocation,
      region: 'eu-west-1',
      accountId: '111122223333',
    });
    const [{ certificateArn }] = core.certificatesOf('of-nested-thing');
    expect(registry.listAttachedPolicies(certificateArn)).toHaveLength(1);
    expect(ignored.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['AWS::Lambda::Function', 'AWS::CloudFormation::CustomResource']),
    );
  });
});
