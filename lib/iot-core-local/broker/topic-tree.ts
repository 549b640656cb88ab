interface Node<T> {
  readonly children: Map<string, Node<T>>;
  /** The value of the filter that ends here. */
  value?: T;
}

/**
 * Values by topic filter, found by the topics that the filters match. The cost of a search grows with a topic's levels, not with the
 * number of filters.
 */
export class TopicTree<T> {
  private readonly root: Node<T> = { children: new Map() };

  get(filter: string): T | undefined {
    let node: Node<T> | undefined = this.root;
    for (const level of filter.split('/')) {
      node = node.children.get(level);
      if (!node) return undefined;
    }
    return node.value;
  }

  set(filter: string, value: T): void {
    let node = this.root;
    for (const level of filter.split('/')) {
      let child = node.children.get(level);
      if (!child) {
        child = { children: new Map() };
        node.children.set(level, child);
      }
      node = child;
    }
    node.value = value;
  }

  delete(filter: string): void {
    prune(this.root, filter.split('/'), 0);
  }

  /** The values of all filters that match `topic`, which has no wildcards. */
  match(topic: string): T[] {
    const found: T[] = [];
    const levels = topic.split('/');
    if (topic.startsWith('$')) {
      // A wildcard in the first level does not match a topic that starts with "$" [MQTT-4.7.2-1].
      const node = this.root.children.get(levels[0]);
      if (node) collect(node, levels, 1, found);
    } else {
      collect(this.root, levels, 0, found);
    }
    return found;
  }
}

/**
 * AWS differs from the specification in one point: `sensor/#` does not match `sensor`.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-differences
 */
function collect<T>(node: Node<T>, levels: readonly string[], depth: number, found: T[]): void {
  if (depth === levels.length) {
    if (node.value !== undefined) found.push(node.value);
    return;
  }
  const rest = node.children.get('#');
  if (rest?.value !== undefined) found.push(rest.value);
  const same = node.children.get(levels[depth]);
  if (same) collect(same, levels, depth + 1, found);
  const any = node.children.get('+');
  if (any) collect(any, levels, depth + 1, found);
}

/** Deletes a filter's value and the nodes that led only to it. @returns whether `node` is empty now */
function prune<T>(node: Node<T>, levels: readonly string[], depth: number): boolean {
  if (depth === levels.length) {
    node.value = undefined;
  } else {
    const child = node.children.get(levels[depth]);
    if (child && prune(child, levels, depth + 1)) node.children.delete(levels[depth]);
  }
  return node.value === undefined && node.children.size === 0;
}
