import { certificateStatuses, thingPrincipalTypes } from '../registry/registry';
import { customResource } from './custom-resource';
import { ignored, inlineFunction } from './other-resource-types';
import { type ResourceType, textProperty as text } from './resource-type';
import type { CreatedResource } from './template';

/**
 * How resources of a type are created and deleted; those that are neither AWS IoT's nor of use to a custom resource are passed over.
 *
 * @returns undefined for a type of AWS IoT's that IoT Core Local does not have
 */
export function resourceTypeOf(name: string): ResourceType | undefined {
  if (name.startsWith('AWS::IoT::')) return iotResourceTypes[name];
  if (name === 'AWS::CloudFormation::CustomResource' || name.startsWith('Custom::')) return customResource;
  return name === 'AWS::Lambda::Function' ? inlineFunction : ignored;
}

/**
 * The types of AWS IoT resource that IoT Core Local deploys. They delete as AWS's own handlers do: what someone else has attached to a
 * resource is not detached, and makes the deletion fail.
 *
 * @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-iot
 */
const iotResourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::IoT::Thing': {
    create({ ThingName, AttributePayload }, { registry }) {
      const { Attributes } = (AttributePayload ?? {}) as { Attributes?: Record<string, string> };
      const { thingName, thingArn } = registry.createThing(text(ThingName, 'ThingName'), { attributes: Attributes });
      return { ref: thingName, attributes: { Arn: thingArn, Id: thingName } };
    },
    delete(_properties, { ref }, { registry }) {
      registry.deleteThing(ref);
    },
  },

  'AWS::IoT::Certificate': {
    async create({ CertificateSigningRequest, CertificatePem, Status }, { registry, certificateAuthority }) {
      const pem =
        CertificatePem === undefined
          ? await certificateAuthority.sign(text(CertificateSigningRequest, 'CertificateSigningRequest'))
          : text(CertificatePem, 'CertificatePem');
      const certificate = registry.registerCertificate(pem, oneOf(certificateStatuses, Status, 'Status'));
      const { certificateId, certificateArn } = certificate;
      return { ref: certificateId, attributes: { Arn: certificateArn, Id: certificateId } };
    },
    delete({ Status }, { ref }, { registry }) {
      // The handler goes by the template's status, not by the certificate's.
      if (Status === 'ACTIVE') registry.updateCertificate(ref, 'INACTIVE');
      registry.deleteCertificate(ref);
    },
  },

  'AWS::IoT::Policy': {
    create({ PolicyName, PolicyDocument }, { registry }) {
      const { policyName, policyArn } = registry.createPolicy(text(PolicyName, 'PolicyName'), PolicyDocument);
      return { ref: policyName, attributes: { Arn: policyArn, Id: policyName } };
    },
    delete(_properties, { ref }, { registry }) {
      const { versions, defaultVersionId } = registry.getPolicy(ref);
      for (const versionId of [...versions.keys()]) {
        if (versionId !== defaultVersionId) registry.deletePolicyVersion(ref, versionId);
      }
      registry.deletePolicy(ref);
    },
  },

  'AWS::IoT::PolicyPrincipalAttachment': {
    create({ PolicyName, Principal }, { registry }) {
      registry.attachPolicy(text(PolicyName, 'PolicyName'), text(Principal, 'Principal'));
      return attachment(PolicyName, Principal);
    },
    delete({ PolicyName, Principal }, _created, { registry }) {
      registry.detachPolicy(String(PolicyName), String(Principal));
    },
  },

  'AWS::IoT::ThingPrincipalAttachment': {
    create({ ThingName, Principal, ThingPrincipalType }, { registry }) {
      const type =
        ThingPrincipalType === undefined
          ? undefined
          : oneOf(thingPrincipalTypes, ThingPrincipalType, 'ThingPrincipalType');
      registry.attachThingPrincipal(text(ThingName, 'ThingName'), text(Principal, 'Principal'), type);
      return attachment(ThingName, Principal);
    },
    delete({ ThingName, Principal }, _created, { registry }) {
      registry.detachThingPrincipal(String(ThingName), String(Principal));
    },
  },
};

function attachment(name: unknown, principal: unknown): CreatedResource {
  return { ref: `${name}|${principal}`, attributes: {} };
}

function oneOf<T>(values: readonly T[], value: unknown, property: string): T {
  const known = values.find((candidate) => candidate === value);
  if (known === undefined) throw new Error(`${property} is one of ${values.join(', ')}, not ${JSON.stringify(value)}.`);
  return known;
}
