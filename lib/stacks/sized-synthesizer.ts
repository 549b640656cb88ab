import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, DefaultStackSynthesizer, type FileAssetSource, type ISynthesisSession } from 'aws-cdk-lib/core';

/**
 * The size of the largest template that CloudFormation takes in a request, in bytes. It reads a larger one from a bucket, which only a
 * bootstrapped account has.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const sentInline = 51_200;

/**
 * A synthesizer that needs a bootstrapped account only for a template that is too large to be sent in a request.
 *
 * It treats a small template as LegacyStackSynthesizer does, the only synthesizer that needs no bootstrap, and a large one as
 * DefaultStackSynthesizer does. The size is known once the template is written; the text is the same either way.
 */
export class SizedSynthesizer extends DefaultStackSynthesizer {
  private template?: FileAssetSource;

  constructor() {
    // The rule would be part of the template. The CLI checks the bootstrap's version before it deploys, without the rule.
    super({ generateBootstrapVersionRule: false });
  }

  override synthesize(session: ISynthesisSession): void {
    this.template = super.synthesizeTemplate(session);
    // The size of the file on disk. The CLI sends it as YAML, which is shorter at this size.
    const { size } = statSync(join(session.assembly.outdir, this.boundStack.templateFile));
    if (size <= sentInline) {
      this.emitArtifact(session);
      return;
    }
    const kibibytes = Math.ceil(size / 1024);
    Annotations.of(this.boundStack).addInfo(
      `The template has ${kibibytes} KiB. CloudFormation takes more than 50 KiB only from a bootstrapped account: run cdk bootstrap, or raise "stacks" so that a stack has about 16 devices.`,
    );
    super.synthesize(session);
  }

  /** The template that {@link synthesize} has already written. */
  protected override synthesizeTemplate(): FileAssetSource {
    return this.template!;
  }
}
