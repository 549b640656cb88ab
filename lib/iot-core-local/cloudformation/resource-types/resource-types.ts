import { certificate } from './certificate';
import { customResource } from './custom-resource';
import { domainConfiguration } from './domain-configuration';
import { ignored, ignoredIotType } from './ignored';
import { inlinePolicy } from './inline-policy';
import { lambdaFunction } from './lambda-function';
import { managedPolicy } from './managed-policy';
import { nestedStack } from './nested-stack';
import { policy } from './policy';
import { policyPrincipalAttachment } from './policy-principal-attachment';
import type { ResourceType } from './resource-type';
import { role } from './role';
import { rolePolicy } from './role-policy';
import { thing } from './thing';
import { thingPrincipalAttachment } from './thing-principal-attachment';

/** The types of resource that IoT Core Local creates, updates and deletes. */
export const servedTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::CloudFormation::CustomResource': customResource,
  'AWS::CloudFormation::Stack': nestedStack,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': inlinePolicy,
  'AWS::IAM::Role': role,
  'AWS::IAM::RolePolicy': rolePolicy,
  'AWS::IoT::Certificate': certificate,
  'AWS::IoT::DomainConfiguration': domainConfiguration,
  'AWS::IoT::Policy': policy,
  'AWS::IoT::PolicyPrincipalAttachment': policyPrincipalAttachment,
  'AWS::IoT::Thing': thing,
  'AWS::IoT::ThingPrincipalAttachment': thingPrincipalAttachment,
  'AWS::Lambda::Function': lambdaFunction,
};

/** Types of AWS IoT that no client of the message broker touches, and that change no right. */
export const ignoredIotTypes: readonly string[] = [
  'AWS::IoT::AccountAuditConfiguration',
  'AWS::IoT::BillingGroup',
  'AWS::IoT::Command',
  'AWS::IoT::CustomMetric',
  'AWS::IoT::Dimension',
  'AWS::IoT::EncryptionConfiguration',
  'AWS::IoT::FleetMetric',
  'AWS::IoT::JobTemplate',
  'AWS::IoT::Logging',
  'AWS::IoT::MitigationAction',
  'AWS::IoT::ResourceSpecificLogging',
  'AWS::IoT::ScheduledAudit',
  'AWS::IoT::SecurityProfile',
  'AWS::IoT::SoftwarePackage',
  'AWS::IoT::SoftwarePackageVersion',
  'AWS::IoT::ThingGroup',
  'AWS::IoT::ThingType',
  'AWS::IoT::TopicRule',
  'AWS::IoT::TopicRuleDestination',
];

/** Types that are refused, each with the reason: what they would do could change what a client may do. */
export const refusedTypes: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Macro': 'it changes templates by code of its own',
  'AWS::CloudFormation::StackSet': 'its stacks may have things and policies of their own',
  'AWS::IoT::Authorizer': 'it decides by code of its own who may connect, and what they may do',
  'AWS::IoT::CACertificate': 'it can register certificates when devices first connect',
  'AWS::IoT::ProvisioningTemplate': 'it creates things, certificates and policies when devices first connect',
  'AWS::IoT::RoleAlias': 'it gives certificates the rights of an IAM role',
  'AWS::ServiceCatalog::CloudFormationProvisionedProduct': 'its template may have things and policies of its own',
};

/**
 * How resources of a type are created, updated and deleted. Types of other services are ignored, except the function of a
 * custom resource and what decides about its rights.
 *
 * @param name - `AWS::IoT::Thing`
 * @returns undefined for a type that IoT Core Local does not have, and must not ignore
 */
export function resourceTypeOf(name: string): ResourceType | undefined {
  if (Object.hasOwn(servedTypes, name)) return servedTypes[name];
  if (name.startsWith('Custom::')) return customResource;
  if (Object.hasOwn(refusedTypes, name) || !typeName.test(name) || isOfTransform(name)) return undefined;
  if (!/^AWS::IoT::/i.test(name)) return ignored;
  return ignoredIotTypes.includes(name) ? ignoredIotType(name) : undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html */
const typeName = /^[a-z\d]{2,64}(::[a-z\d]{2,64}){2}$/i;

/** Whether only a transform makes resources of a type: CloudFormation has no such type, and its template no transform here. */
function isOfTransform(name: string): boolean {
  return /^AWS::Serverless::/i.test(name);
}

/** Why a type that {@link resourceTypeOf} does not have is refused: a clause. */
export function whyRefused(name: string): string {
  if (Object.hasOwn(refusedTypes, name)) return refusedTypes[name];
  if (/::MODULE$/.test(name)) return 'a module stands for resources that are elsewhere';
  if (!typeName.test(name)) return 'no resource type has such a name';
  if (isOfTransform(name)) return 'only the transform of AWS SAM makes resources of it';
  return 'it is not known whether it changes a right';
}
