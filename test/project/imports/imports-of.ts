import { parseSync } from '@swc/core';

/**
 * The module specifiers that TypeScript source names: of imports and exports, of types too, of `import()` in code and in types, and of `require`.
 *
 * @param file - its path, for the error
 * @throws Error for an `import()` or a `require` of anything but a string, which cannot be checked
 */
export function importsOf(source: string, file: string): string[] {
  const specifiers: string[] = [];
  visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }), (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    if (specifier?.type !== 'StringLiteral') {
      throw new Error(`${file} imports something other than a string, so no rule can be checked.`);
    }
    specifiers.push(specifier.value as string);
  });
  return specifiers;
}

/** A node of the syntax tree of SWC. */
type Node = { readonly type: string } & Record<string, unknown>;

/** @returns the node that stands for the specifier; undefined for a node that imports nothing, null for a call without an argument */
function specifierOf(node: Node): Node | null | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return node.source as Node;
    case 'ExportNamedDeclaration':
      return (node.source as Node | null) ?? undefined;
    case 'TsImportType':
      return node.argument as Node;
    case 'TsExternalModuleReference':
      return node.expression as Node;
    case 'CallExpression': {
      const callee = node.callee as Node;
      const isImport = callee.type === 'Import' || (callee.type === 'Identifier' && callee.value === 'require');
      if (!isImport) return undefined;
      const [argument] = node.arguments as { expression: Node }[];
      return argument?.expression ?? null;
    }
    default:
      return undefined;
  }
}

function visit(value: unknown, use: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && typeof value.type === 'string') use(value as Node);
  for (const child of Object.values(value)) visit(child, use);
}
