import { certificate } from './certificate';
import { customResource } from './custom-resource';
import { ignored } from './ignored';
import { lambdaFunction } from './lambda-function';
import { policy } from './policy';
import { policyPrincipalAttachment } from './policy-principal-attachment';
import type { ResourceType } from './resource-type';
import { thing } from './thing';
import { thingPrincipalAttachment } from './thing-principal-attachment';

const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::CloudFormation::CustomResource': customResource,
  'AWS::IoT::Certificate': certificate,
  'AWS::IoT::Policy': policy,
  'AWS::IoT::PolicyPrincipalAttachment': policyPrincipalAttachment,
  'AWS::IoT::Thing': thing,
  'AWS::IoT::ThingPrincipalAttachment': thingPrincipalAttachment,
  'AWS::Lambda::Function': lambdaFunction,
};

/** Types that would create resources of AWS IoT by other means than a template's own. */
const refused = ['AWS::CloudFormation::Macro', 'AWS::CloudFormation::Stack', 'AWS::CloudFormation::StackSet'];

/**
 * How resources of a type are created, updated and deleted. Types of other services are ignored, except the function of a custom resource.
 *
 * @param name - `AWS::IoT::Thing`
 * @returns undefined for a type that IoT Core Local does not have, and must not ignore
 */
export function resourceTypeOf(name: string): ResourceType | undefined {
  if (Object.hasOwn(resourceTypes, name)) return resourceTypes[name];
  if (name.startsWith('Custom::')) return customResource;
  return name.startsWith('AWS::IoT::') || refused.includes(name) ? undefined : ignored;
}
