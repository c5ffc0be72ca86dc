/**
 * The rows of a query, each an object by column; times are texts as PostgreSQL writes them. Rejects with
 * `source-unreadable`, without what is secret in its address.
 */
export type RowSource = () => Promise<readonly object[]>;
