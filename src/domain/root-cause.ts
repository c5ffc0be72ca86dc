/** The failure type of a ticket at a server whose devices fail. */
export const rootCauseFailure = 'root-cause';

/** What such a ticket counts: `root-cause|server:int-38`. */
export function rootCounterOf(server: string): string {
  return `${rootCauseFailure}|server:${server}`;
}
