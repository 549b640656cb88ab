type Tag = keyof HTMLElementTagNameMap;

/** What an element is made with: its class, its text, and attributes by name. */
interface Parts {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A new element. All text goes in as text, never as HTML. */
export function element<T extends Tag>(
  tag: T,
  parts: Parts = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  if (parts.class !== undefined) made.className = parts.class;
  if (parts.text !== undefined) made.textContent = parts.text;
  for (const [name, value] of Object.entries(parts.attributes ?? {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A button that does something. @param name - its accessible name, if its text alone does not say enough */
export function button(text: string, act: () => void, name?: string): HTMLButtonElement {
  const made = element('button', { text, attributes: { type: 'button' } });
  if (name !== undefined) made.setAttribute('aria-label', name);
  made.addEventListener('click', act);
  return made;
}

/** The element of page.html that has this id. @throws Error if there is none of this tag */
export function byId<T extends Tag>(id: string, tag: T): HTMLElementTagNameMap[T] {
  const found = document.getElementById(id);
  if (found?.localName === tag) return found as HTMLElementTagNameMap[T];
  throw new Error(`The page has no ${tag} "${id}".`);
}

/** Sets a text, if it is another. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute, if it has another value. */
export function setAttribute(target: Element, name: string, value: string): void {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}
