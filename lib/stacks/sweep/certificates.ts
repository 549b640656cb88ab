import {
  type CertificateStatus,
  DescribeCertificateCommand,
  DescribeThingCommand,
  type IoTClient,
  UpdateCertificateCommand,
  UpdateThingCommand,
} from '@aws-sdk/client-iot';
import { deactivatedAttribute } from '../../fleet/thing-attributes';

/** The certificates of a fleet, as the sweep reads and changes them. */
export class Certificates {
  private readonly options: { readonly abortSignal: AbortSignal };

  constructor(
    private readonly iot: IoTClient,
    abortSignal: AbortSignal,
  ) {
    this.options = { abortSignal };
  }

  async statusOf(certificateArn: string): Promise<CertificateStatus | undefined> {
    const describe = new DescribeCertificateCommand({ certificateId: idOf(certificateArn) });
    const { certificateDescription } = await this.iot.send(describe, this.options);
    return certificateDescription?.status;
  }

  async setStatus(certificateArn: string, newStatus: 'ACTIVE' | 'INACTIVE'): Promise<void> {
    const update = new UpdateCertificateCommand({ certificateId: idOf(certificateArn), newStatus });
    await this.iot.send(update, this.options);
  }

  /** Whether the thing says that the sweep deactivated this certificate. */
  async wasDeactivated(thingName: string, certificateArn: string): Promise<boolean> {
    const { attributes } = await this.iot.send(new DescribeThingCommand({ thingName }), this.options);
    return attributes?.[deactivatedAttribute] === idOf(certificateArn);
  }

  async remember(thingName: string, certificateArn: string): Promise<void> {
    await this.setAttribute(thingName, idOf(certificateArn));
  }

  async forget(thingName: string): Promise<void> {
    // An empty value removes the attribute: https://docs.aws.amazon.com/iot/latest/apireference/API_AttributePayload.html
    await this.setAttribute(thingName, '');
  }

  private async setAttribute(thingName: string, value: string): Promise<void> {
    const attributePayload = { attributes: { [deactivatedAttribute]: value }, merge: true };
    await this.iot.send(new UpdateThingCommand({ thingName, attributePayload }), this.options);
  }
}

function idOf(certificateArn: string): string {
  return certificateArn.slice(certificateArn.lastIndexOf('/') + 1);
}
