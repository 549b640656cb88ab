/** How many messages may wait, and how large they may be together. */
export interface Bound {
  readonly messages: number;
  /** As Message.size estimates them. */
  readonly bytes: number;
}
