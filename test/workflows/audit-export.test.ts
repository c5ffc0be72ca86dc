import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { exportAudit, verifyAudit } from '../../src/workflows/audit-export.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  hourMs,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
} from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

describeOnBothDatabases('the audit', (open) => {
  let bench: Workbench;
  let database: Database;
  let site: RedistributionBench;
  beforeEach(async () => {
    database = await open();
    bench = await createWorkbench(database);
    bench.pass(1000);
    const { policies } = bench.deps;
    const approval = { ...policies.approval, auditChannel: 'maint-unknown' };
    site = prepareRedistributions({ ...bench, deps: { ...bench.deps, policies: { ...policies, approval } } });
    site.server.logs.push(logLine(0, { recipients: ['int-58'] }));
  });
  afterEach(() => bench.close());

  async function runOnce(): Promise<string> {
    const id = await site.propose();
    await clickApprove(site.deps, site.click(id));
    await runRedistribution(site.deps, id, new AbortController().signal);
    return id;
  }

  it('tells who asked and approved, what ran where, by which digest and with which result', async () => {
    const id = await runOnce();
    const { digest } = await site.record(id);
    const lines = (await exportAudit(site.deps, { since: null })).map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { who: 'T0RESTAGE/U0ANA', what: 'asked', about: `redistribution ${id}`, detail: { server: 'int-38' } },
      { who: 'T0RESTAGE/U0BEN', what: 'approved', detail: { digest } },
      {
        who: 'restage',
        what: 'succeeded',
        about: `command ${id}-1`,
        detail: {
          digest,
          server: 'int-38',
          argv: ['/bin/push', 'int-58'],
          exitCode: 0,
          results: [['int-58', 'succeeded']],
        },
      },
      { day: '2026-11-23', entries: 3, digest: expect.stringMatching(/^sha256:/) as unknown },
    ]);
    expect(await exportAudit(site.deps, { since: '1d' })).toHaveLength(4);
    await expect(exportAudit(site.deps, { since: 'yesterday' })).rejects.toThrow('--since takes a duration');
  });

  it('posts the head of each day once, by which a later change is found', async () => {
    await runOnce();
    bench.pass(24 * hourMs);
    await sweep(site.deps);
    await sweep(site.deps);
    await bench.work();
    const posted = bench.workspace.messages('C0UNKNOWN').map(({ text }) => text);
    expect(posted).toEqual([
      expect.stringMatching(/^Audit of 2026-11-23 \(UTC\): 3 entries, head `sha256:[0-9a-f]{64}`$/),
    ]);
    const head = /sha256:[0-9a-f]{64}/.exec(posted[0] ?? '')?.[0] ?? '';
    expect(await verifyAudit(site.deps, { head })).toEqual({ day: '2026-11-23', days: 1 });
    await site.deps.store.transaction((tx) =>
      tx.audit({ at: bench.now(), who: 'x', what: 'more', about: 'y' }),
    );
    expect((await verifyAudit(site.deps, { head })).day).toBe('2026-11-23');
    await database.executeSql("update audit_entries set who = 'T/U0EVE' where what = 'approved'");
    expect((await verifyAudit(site.deps, { head })).day).toBeNull();
  });
});
