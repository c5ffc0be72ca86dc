import { renderCommand } from '../../../src/messages/command.ts';
import { renderJobTable } from '../../../src/messages/job-table.ts';
import type { Entry } from './entry.ts';
import { operationEntries } from './operations.ts';
import { redistributionEntries } from './redistributions.ts';
import { ticketEntries } from './tickets.ts';
import { whyEntries } from './why.ts';

/** Everything that Restage renders for Slack, with inputs as they mostly are and as strangers can make them. */
export const catalogue: readonly Entry[] = [
  ...ticketEntries,
  ...redistributionEntries,
  ...operationEntries,
  ...whyEntries,
];

/** Rendered only as parts of proposals and of their pages, whose limits they share. */
export const parts: ReadonlySet<unknown> = new Set([renderCommand, renderJobTable]);
