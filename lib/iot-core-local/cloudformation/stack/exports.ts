import type { Stack, StackOutput } from './stack';

/** What stacks export to one another. */
export class Exports {
  /** @param stacks - the stacks that are there */
  constructor(private readonly stacks: () => Iterable<Stack>) {}

  /** The stack and the output of each export, by export name. */
  all(): ReadonlyMap<string, { readonly stack: Stack; readonly value: string }> {
    const entries = [...this.stacks()].flatMap((stack) =>
      exportsOf(stack.outputs).map(([name, value]) => [name, { stack, value }] as const),
    );
    return new Map(entries);
  }

  values(): ReadonlyMap<string, string> {
    return new Map([...this.all()].map(([name, { value }]) => [name, value]));
  }

  /** The names of the stacks that use an export. */
  importersOf(name: string): string[] {
    return [...this.stacks()].filter(({ imports }) => imports.has(name)).map((stack) => stack.name);
  }

  /**
   * Why a stack's outputs cannot become these, in CloudFormation's words.
   *
   * @returns undefined if they can
   */
  refusal(stack: Stack, outputs: readonly StackOutput[]): string | undefined {
    const wanted = new Map(exportsOf(outputs));
    const twice = exportsOf(outputs).find(([name], index, all) => all.findIndex(([other]) => other === name) < index);
    if (twice) return `Duplicate Export names. Each export name must be unique: ${twice[0]}`;
    for (const [name, value] of exportsOf(stack.outputs)) {
      const importers = this.importersOf(name).join(' and ');
      if (importers === '' || wanted.get(name) === value) continue;
      return `Export ${name} cannot be ${wanted.has(name) ? 'updated' : 'deleted'} as it is in use by ${importers}`;
    }
    const others = this.all();
    for (const name of wanted.keys()) {
      const owner = others.get(name)?.stack;
      if (owner && owner !== stack) {
        return `Export with name ${name} is already exported by stack ${owner.name}. Rollback requested by user.`;
      }
    }
    return undefined;
  }
}

function exportsOf(outputs: readonly StackOutput[]): [string, string][] {
  return outputs.flatMap(({ exportName, value }): [string, string][] =>
    exportName === undefined ? [] : [[exportName, value]],
  );
}
