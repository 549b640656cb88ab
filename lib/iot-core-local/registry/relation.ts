/** A many-to-many relation between names, readable from either side, with a value for each pair. */
export class Relation<V> {
  private readonly forward = new Map<string, Map<string, V>>();
  private readonly backward = new Map<string, Map<string, V>>();

  /** Relates the two. A pair that is already related gets the new value. */
  add(left: string, right: string, value: V): void {
    put(this.forward, left, right, value);
    put(this.backward, right, left, value);
  }

  /** @returns whether the two were related */
  delete(left: string, right: string): boolean {
    remove(this.backward, right, left);
    return remove(this.forward, left, right);
  }

  /** What `left` is related to, in the order of {@link add}. */
  rightOf(left: string): ReadonlyMap<string, V> {
    return this.forward.get(left) ?? new Map();
  }

  /** What is related to `right`, in the order of {@link add}. */
  leftOf(right: string): ReadonlyMap<string, V> {
    return this.backward.get(right) ?? new Map();
  }
}

function put<V>(side: Map<string, Map<string, V>>, key: string, other: string, value: V): void {
  const others = side.get(key);
  if (others) others.set(other, value);
  else side.set(key, new Map([[other, value]]));
}

function remove<V>(side: Map<string, Map<string, V>>, key: string, other: string): boolean {
  const others = side.get(key);
  const removed = others?.delete(other) ?? false;
  if (others?.size === 0) side.delete(key);
  return removed;
}
