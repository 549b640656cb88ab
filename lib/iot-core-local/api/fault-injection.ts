/** The faults and delays of AWS's API that a test can inject. */
export interface FaultInjection {
  /** The most entries on a page of a list, even if the caller asks for more. */
  pageSize: number;
  /** Every request whose number is a multiple of this is throttled; 0 throttles none. */
  throttledOf: number;
  /** The number of further requests that are answered before a detachment takes effect. */
  detachmentDelay: number;
}
