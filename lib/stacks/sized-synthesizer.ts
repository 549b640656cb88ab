import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, DefaultStackSynthesizer, type FileAssetSource, type ISynthesisSession } from 'aws-cdk-lib/core';

/**
 * What CloudFormation takes of a template that is sent with the request, in bytes. A larger one it reads from a bucket, which only a
 * bootstrapped account has.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const sentInline = 51_200;

/**
 * Needs a bootstrapped account for those templates only that cannot be deployed without: a small one is synthesized as
 * LegacyStackSynthesizer does it, which despite its name is the only synthesizer that needs no bootstrap, and a large one as
 * DefaultStackSynthesizer does. Which it is, is seen from the template once it is written, and its text is the same either way.
 */
export class SizedSynthesizer extends DefaultStackSynthesizer {
  private template?: FileAssetSource;

  constructor() {
    // The rule would be part of the template: the CLI checks the bootstrap's version by itself before it deploys.
    super({ generateBootstrapVersionRule: false });
  }

  override synthesize(session: ISynthesisSession): void {
    this.template = super.synthesizeTemplate(session);
    // As the CDK writes it; the CLI sends it as YAML, which at this size is shorter.
    const { size } = statSync(join(session.assembly.outdir, this.boundStack.templateFile));
    if (size <= sentInline) {
      this.emitArtifact(session);
      return;
    }
    const kibibytes = Math.ceil(size / 1024);
    Annotations.of(this.boundStack).addInfo(
      `Its template has ${kibibytes} KiB, and without cdk bootstrap CloudFormation takes 50: the account has to be bootstrapped.`,
    );
    super.synthesize(session);
  }

  /** The default synthesizer comes by the template here, which is written already. */
  protected override synthesizeTemplate(): FileAssetSource {
    return this.template!;
  }
}
