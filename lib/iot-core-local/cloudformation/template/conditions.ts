import { evaluateCondition } from './condition-functions';

import { field } from './intrinsic-call';
import type { Evaluation } from './scope';
import { TemplateError, UnavailableValueError } from './template-error';

/** The conditions of a template, each decided once. */
export class Conditions {
  private readonly decided = new Map<string, boolean>();
  private readonly deciding: string[] = [];

  constructor(
    private readonly section: Readonly<Record<string, unknown>>,
    private readonly evaluationFor: (owner: string) => Evaluation,
  ) {}

  /** @throws TemplateError if there is no such condition, or it cannot be decided */
  isTrue(name: string): boolean {
    const known = this.decided.get(name);
    if (known !== undefined) return known;
    const source = field(this.section, name);
    if (source === undefined) throw new TemplateError(`The template has no condition "${name}".`);
    if (this.deciding.includes(name)) {
      throw new TemplateError(`Conditions depend on one another in a circle: ${[...this.deciding, name].join(' → ')}.`);
    }
    this.deciding.push(name);
    try {
      const value = evaluateCondition(source, this.evaluationFor(`The condition "${name}"`));
      this.decided.set(name, value);
      return value;
    } finally {
      this.deciding.pop();
    }
  }

  /**
   * Decides the conditions that nothing uses too, to find what is wrong with them. One that depends on a value that only AWS has can stay
   * undecided until it is used.
   */
  decideAll(): void {
    for (const name of Object.keys(this.section)) {
      try {
        this.isTrue(name);
      } catch (error) {
        if (!(error instanceof UnavailableValueError)) throw error;
      }
    }
  }
}
