import { afterEach, beforeEach, expect, it } from 'vitest';
import { auditStore } from '../../src/workflows/audit.ts';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

describeOnBothDatabases('restage audit', (open) => {
  let bench: Workbench;
  let database: Database;
  beforeEach(async () => {
    database = await open();
    bench = await createWorkbench(database);
    await bench.receive(...[0, 1, 2].map(() => alertMail('int-58', start)), alertMail('int-38', start));
    await bench.work();
  });
  afterEach(() => bench.close());

  it('is content with a ticket, its alerts and its message', async () => {
    expect(await auditStore(bench.deps)).toMatchObject({
      balanced: true,
      faults: [],
      failedDeliveries: [],
      alerts: { ticketed: 3, counted: 1 },
    });
  });

  it('lists messages that were given up, which are nothing lost', async () => {
    await database.executeSql("update deliveries set state = 'failed', last_error = 'channel_not_found'", []);
    const { balanced, failedDeliveries } = await auditStore(bench.deps);
    expect(balanced).toBe(true);
    expect(failedDeliveries).toContainEqual(
      expect.objectContaining({ kind: 'ticket', subjectId: '1', lastError: 'channel_not_found' }),
    );
  });

  it.each([
    [
      "update alerts set state = 'counted'",
      '3 alerts are counted, but in a ticket that is open, such as ticket 1',
    ],
    [
      "update tickets set state = 'voided'",
      '3 alerts are ticketed, but in a ticket that is voided, such as ticket 1',
    ],
    ['update alerts set ticket_id = null', '3 alerts are ticketed, but in no ticket'],
    ["update alerts set state = 'held' where ticket_id is null", '1 alert is held, but in no ticket'],
    ['delete from alerts where ticket_id is null', 'the accepted mails carry 4 alerts, but 3 are in a state'],
    ["delete from deliveries where kind = 'ticket'", 'ticket 1 ought to be seen, but no message is about it'],
  ])('%s: it is not, and says why', async (damage, fault) => {
    await database.executeSql(damage, []);
    const { balanced, faults } = await auditStore(bench.deps);
    expect(balanced).toBe(false);
    expect(faults).toEqual([fault]);
  });
});
