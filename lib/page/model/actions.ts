/** What a person can do to a live show. */
export type LiveAction =
  | { readonly do: 'rate'; readonly perSecond: number }
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  /** A car publishes one message. */
  | { readonly do: 'send'; readonly device: string }
  /** A subscriber takes this many milliseconds for a message from now on. */
  | { readonly do: 'slow'; readonly device: string; readonly milliseconds: number }
  /** Its connection is cut; it connects again; it unsubscribes and disconnects; it connects and subscribes. */
  | { readonly do: 'kill' | 'revive' | 'leave' | 'join'; readonly device: string }
  /** A forbidden attempt is made. @param attempt - its place in the show's list */
  | { readonly do: 'try'; readonly attempt: number };

/** What a person can do at the page. */
export type PageAction =
  | LiveAction
  /** The live fleet is shown again. */
  | { readonly do: 'live' }
  /** A scenario is played. */
  | { readonly do: 'scenario'; readonly name: string }
  /** A recording is played again. */
  | { readonly do: 'replay' };
