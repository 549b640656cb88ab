/** What the actions of a handler are on: each kind of resource with its actions. */
export interface HandlerActions {
  /** On the resource itself. */
  readonly own?: readonly string[];
  /** On `*`, as no resource narrows these actions, or only one whose name is not known yet. */
  readonly all?: readonly string[];
  /** On the principal of an attachment. */
  readonly principal?: readonly string[];
  /** On the thing of an attachment. */
  readonly thing?: readonly string[];
  /** On the roles that the resource has or belongs to. */
  readonly role?: readonly string[];
}

export type HandlerName = 'create' | 'update' | 'delete';

/** What CloudFormation calls to create, update and delete resources of a type, with the rights of whoever deploys. */
export interface HandlerPermissions extends Readonly<Record<HandlerName, HandlerActions>> {
  /** What it calls besides, on the resource itself, to create or update one that has these properties. */
  readonly properties?: Readonly<Record<string, readonly string[]>>;
}

const none: HandlerActions = {};

const ofRole = ['iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'];
const readingFunction = [
  'lambda:GetFunction',
  'lambda:GetFunctionCodeSigningConfig',
  'lambda:GetFunctionRecursionConfig',
  'lambda:GetRuntimeManagementConfig',
];
const readingLogGroup = ['logs:GetDataProtectionPolicy', 'logs:ListTagsForResource'];
const listingLogGroups = ['logs:DescribeIndexPolicies', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'];

/**
 * The permissions of CloudFormation's handlers, by resource type, without those for properties that the project does not set: VPCs, file
 * systems, code in buckets, keys of KMS, concurrency.
 *
 * They are those of the types' registry schemas, `handlers.*.permissions`, as pulumi/pulumi-aws-native keeps them
 * (aws-cloudformation-schema, state of 2026-08-07, commit 43eed3b; for the two attachments of AWS IoT, which have no handlers in it, the
 * later commits 0415032 and 85ebce1). `read` belongs to `create` and `update`, which end with it. Added to them:
 *
 * - iot:UpdateCertificate on creation, because the handler's source calls it (aws-cloudformation-resource-providers-iot).
 * - lambda:InvokeFunction for a custom resource, which has no schema.
 */
export const handlerPermissions: Readonly<Record<string, HandlerPermissions>> = {
  'AWS::CDK::Metadata': { create: none, update: none, delete: none },

  'AWS::IoT::Thing': {
    create: { own: ['iot:CreateThing', 'iot:DescribeThing'] },
    update: { own: ['iot:DescribeThing', 'iot:UpdateThing'] },
    delete: { own: ['iot:DeleteThing', 'iot:DescribeThing'] },
  },

  'AWS::IoT::Certificate': {
    create: { all: ['iot:CreateCertificateFromCsr'], own: ['iot:DescribeCertificate', 'iot:UpdateCertificate'] },
    update: { own: ['iot:DescribeCertificate', 'iot:UpdateCertificate'] },
    delete: { own: ['iot:DeleteCertificate', 'iot:DescribeCertificate', 'iot:UpdateCertificate'] },
  },

  'AWS::IoT::Policy': {
    create: { own: ['iot:CreatePolicy', 'iot:GetPolicy', 'iot:ListTagsForResource'] },
    update: {
      own: [
        'iot:CreatePolicyVersion',
        'iot:DeletePolicyVersion',
        'iot:GetPolicy',
        'iot:ListPolicyVersions',
        'iot:ListTagsForResource',
        'iot:SetDefaultPolicyVersion',
      ],
    },
    delete: { own: ['iot:DeletePolicy', 'iot:DeletePolicyVersion', 'iot:GetPolicy', 'iot:ListPolicyVersions'] },
    properties: { Tags: ['iot:TagResource'] },
  },

  'AWS::IoT::PolicyPrincipalAttachment': {
    create: { principal: ['iot:AttachPrincipalPolicy'], all: ['iot:ListAttachedPolicies'] },
    update: none,
    delete: { principal: ['iot:DetachPrincipalPolicy'], all: ['iot:ListAttachedPolicies'] },
  },

  'AWS::IoT::ThingPrincipalAttachment': {
    create: { principal: ['iot:AttachThingPrincipal'], thing: ['iot:ListThingPrincipalsV2'] },
    update: none,
    delete: { principal: ['iot:DetachThingPrincipal'], thing: ['iot:ListThingPrincipalsV2'] },
  },

  'AWS::IAM::Role': {
    create: { own: ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:GetRolePolicy', ...ofRole] },
    update: {
      own: [
        ...ofRole,
        'iam:DeleteRolePolicy',
        'iam:GetRolePolicy',
        'iam:PutRolePolicy',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
    },
    delete: { own: [...ofRole, 'iam:DeleteRolePolicy', 'iam:DeleteRole'] },
    properties: { ManagedPolicyArns: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'], Tags: ['iam:TagRole'] },
  },

  'AWS::IAM::Policy': {
    create: { role: ['iam:GetRolePolicy', 'iam:PutRolePolicy'] },
    update: { role: ['iam:DeleteRolePolicy', 'iam:PutRolePolicy'] },
    delete: { role: ['iam:DeleteRolePolicy'] },
  },

  'AWS::IAM::RolePolicy': {
    create: { role: ['iam:GetRolePolicy', 'iam:PutRolePolicy'] },
    update: { role: ['iam:GetRolePolicy', 'iam:PutRolePolicy'] },
    delete: { role: ['iam:DeleteRolePolicy', 'iam:GetRolePolicy'] },
  },

  'AWS::IAM::ManagedPolicy': {
    create: {
      own: ['iam:CreatePolicy', 'iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListEntitiesForPolicy'],
      role: ['iam:AttachRolePolicy'],
    },
    update: {
      own: [
        'iam:CreatePolicyVersion',
        'iam:DeletePolicyVersion',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:ListEntitiesForPolicy',
        'iam:ListPolicyVersions',
      ],
      role: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
    },
    delete: {
      own: [
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:GetPolicy',
        'iam:ListEntitiesForPolicy',
        'iam:ListPolicyVersions',
      ],
      role: ['iam:DetachRolePolicy'],
    },
  },

  'AWS::Lambda::Function': {
    create: { own: ['lambda:CreateFunction', 'lambda:TagResource', ...readingFunction], role: ['iam:PassRole'] },
    update: {
      own: [
        ...readingFunction,
        'lambda:TagResource',
        'lambda:UntagResource',
        'lambda:UpdateFunctionCode',
        'lambda:UpdateFunctionConfiguration',
      ],
      role: ['iam:PassRole'],
    },
    delete: { own: ['lambda:DeleteFunction', 'lambda:GetFunction'] },
  },

  'AWS::Logs::LogGroup': {
    create: {
      own: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:TagResource', ...readingLogGroup],
      all: listingLogGroups,
    },
    update: {
      own: [...readingLogGroup, 'logs:PutRetentionPolicy', 'logs:TagResource', 'logs:UntagResource'],
      all: listingLogGroups,
    },
    delete: { own: ['logs:DeleteLogGroup'], all: ['logs:DescribeLogGroups'] },
  },

  // Any type that begins with Custom:: too. The resource itself is its function.
  'AWS::CloudFormation::CustomResource': {
    create: { own: ['lambda:InvokeFunction'] },
    update: { own: ['lambda:InvokeFunction'] },
    delete: { own: ['lambda:InvokeFunction'] },
  },
};
