import type { Template } from '../template/template';

/** A template, and all that it was deployed with. */
export interface Deployment {
  readonly template: Template;
  /** The template as it was sent. */
  readonly templateBody: string;
  /** By name; the values as texts. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  readonly capabilities: readonly string[];
}
