/**
 * The circles of a directed graph: its strongly connected components of more than one node, each sorted (Tarjan's algorithm).
 *
 * @param edges - from each node to others; those that are no node themselves lead nowhere
 */
export function circlesOf(edges: ReadonlyMap<string, Iterable<string>>): string[][] {
  const circles: string[][] = [];
  const stack: string[] = [];
  const numbers = new Map<string, number>();
  const visit = (node: string): number => {
    const number = numbers.size;
    let lowest = number;
    numbers.set(node, number);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      const known = numbers.get(next);
      if (known === undefined) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, known);
    }
    if (lowest === number) {
      const component = stack.splice(stack.indexOf(node));
      if (component.length > 1) circles.push(component.sort());
    }
    return lowest;
  };
  for (const node of edges.keys()) if (!numbers.has(node)) visit(node);
  return circles;
}
