/** A client's will. */
export interface LastWill {
  /** Milliseconds from the connection's end. */
  readonly delay: number;
  send(): void;
}
