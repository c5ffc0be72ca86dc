/** Work that continues committed state. A job is enqueued in the transaction that makes it necessary. */
export type Job =
  | { readonly queue: 'evaluate'; readonly ticketId: number; readonly at?: Date }
  | { readonly queue: 'deliver'; readonly channel: string; readonly at?: Date }
  | { readonly queue: 'page'; readonly ticketId: number; readonly at?: Date }
  | { readonly queue: 'outage-end'; readonly outageId: number; readonly at?: Date }
  | { readonly queue: 'heartbeat'; readonly at?: Date }
  | { readonly queue: 'watch'; readonly at?: Date }
  | { readonly queue: 'log-watch'; readonly at?: Date }
  | { readonly queue: 'attend'; readonly ticketId: number }
  | { readonly queue: 'gather'; readonly redistributionId: string }
  | { readonly queue: 'dry-run'; readonly redistributionId: string }
  | { readonly queue: 'run'; readonly redistributionId: string; readonly at?: Date }
  | { readonly queue: 'stop'; readonly redistributionId: string }
  | { readonly queue: 'look-again'; readonly redistributionId: string };
