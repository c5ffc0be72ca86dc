/** The time: the store's, so that all bots on one database agree; injected so that tests can move it. */
export interface Clock {
  now(): Date;
}
