import { expect, it } from 'vitest';
import { runMonth } from '../../src/month/run-month.ts';
import { createPostgresUrl } from '../support/databases.ts';
import { silentLog } from '../support/silent-log.ts';

it('A9, A17: a few simulated days bring a ticket for each true problem, none about nothing, and none that closes too early', async () => {
  const databaseUrl = await createPostgresUrl();
  const options = { seed: 1, days: 4, each: 1, problem: null, databaseUrl, log: silentLog };
  const { figures, wrongs } = await runMonth(options);
  expect(wrongs).toEqual([]);
  expect(figures.filter(({ reached }) => !reached)).toEqual([]);
}, 300_000);
