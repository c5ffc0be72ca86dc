import { describe, expect, it } from 'vitest';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { proposalKey, submitSelect } from '../../src/workflows/redistribution/revise-proposal.ts';
import { drawListing } from '../../src/workflows/redistribution/show-whole.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText, slackComplaints } from '../messages/reading.ts';
import { onPglite } from '../support/databases.ts';
import { ana, logLine, prepareRedistributions } from '../support/redistributions.ts';
import { createWorkbench } from '../support/workbench.ts';

const many = 10_000;

describe('B10: 10,000 failed jobs on one server', () => {
  const open = onPglite();

  it('are proposed, looked at whole, selected and approved', { timeout: 120_000 }, async () => {
    const bench = await createWorkbench(await open());
    bench.pass(1000);
    const site = prepareRedistributions(bench);
    for (let n = 0; n < many; n += 1) {
      site.server.logs.push(logLine(-n / many, { id: `run-${n}`, job: `J${n}` }));
    }
    const id = await site.propose();
    const { digest } = await site.record(id);
    const message = await renderRedistribution(site.deps, id);
    if (!message) throw new Error('no message');
    expect(readText(message)).toContain('*To run*  10000 commands for 10000 recipients');
    expect(slackComplaints(message)).toEqual([]);
    const file = await drawListing(site.deps, `${id} ${digest}`);
    const listing = new TextDecoder().decode(file?.bytes);
    expect(listing.match(/^\d+\. job J\d+, attempt 2$/gm)).toHaveLength(many);

    const values = { numbers: '1-9999', breadth: 'failed' };
    const metadata = proposalKey(id, digest);
    expect(await submitSelect(site.deps, { metadata, person: ana, values })).toBeNull();
    expect(await clickApprove(site.deps, await site.clickNow(id))).toBeNull();
    const states = (await site.commands(id)).map(({ state }) => state);
    expect(states.filter((state) => state === 'approved')).toHaveLength(9_999);
    await bench.close();
  });
});
