import { afterEach, expect, it } from 'vitest';
import { createPlace } from '../../src/domain/intake.ts';
import { UnreadableMail } from '../../src/domain/mail.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { auditStore } from '../../src/workflows/audit.ts';
import { admit } from '../../src/workflows/intake/admit.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

describeOnBothDatabases('A1: mails that take too long to read', (open) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const devices = ['int-38', 'slow-1', 'int-58', 'slow-2', 'dist-01'];
  const batch = () => devices.map((device) => alertMail(device, start));
  const sums = async () => (await bench.deps.store.transaction((tx) => tx.sums())).mails;
  const cursor = { mailbox: 'one', uidValidity: 1n, lastUid: 5 };
  const lastUid = async () => (await bench.deps.store.transaction((tx) => tx.cursorOf('one')))?.lastUid;

  /** Slow mails reach their deadline when they are told to, in order. */
  function withSlowMails(): { readonly deps: Deps; readonly reachDeadline: () => Promise<void> } {
    const waiting: (() => void)[] = [];
    const openMail: Deps['openMail'] = (raw) => {
      const opened = bench.deps.openMail(raw);
      if (!Buffer.from(raw.source).includes('slow-')) return opened;
      const readBody = async () => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
        throw new UnreadableMail('took-too-long', 'reading it took too long');
      };
      return { ...opened, readBody };
    };
    const reachDeadline = async () => {
      await expect.poll(() => waiting.length).toBe(1);
      waiting.shift()?.();
    };
    return { deps: { ...bench.deps, openMail }, reachDeadline };
  }

  it('are committed each with those before it, while the next one is still being read', async () => {
    bench = await createWorkbench(await open());
    const { deps, reachDeadline } = withSlowMails();
    const admitted = admit(deps, batch(), cursor);
    await reachDeadline();
    await expect.poll(sums).toMatchObject({ accepted: 1, 'dead-letter': 1 });
    expect(await lastUid()).toBeUndefined();
    await reachDeadline();
    const fates = (await admitted).map(({ state }) => state);
    expect(fates).toEqual(['accepted', 'dead-letter', 'accepted', 'dead-letter', 'accepted']);
    expect(await sums()).toMatchObject({ accepted: 3, 'dead-letter': 2 });
    expect(await lastUid()).toBe(5);
    expect((await auditStore(bench.deps)).balanced).toBe(true);
  });

  it('are counted once if the batch is brought again before all of it was read', async () => {
    bench = await createWorkbench(await open());
    const mails = batch();
    const first = withSlowMails();
    void admit(first.deps, mails, cursor);
    await first.reachDeadline();
    await expect.poll(sums).toMatchObject({ accepted: 1, 'dead-letter': 1 });
    const again = withSlowMails();
    const admitted = admit(again.deps, mails, cursor);
    await again.reachDeadline();
    await again.reachDeadline();
    await admitted;
    expect(await sums()).toMatchObject({ accepted: 3, 'dead-letter': 2 });
  });

  it('are committed after the batch before theirs', async () => {
    bench = await createWorkbench(await open());
    const { deps, reachDeadline } = withSlowMails();
    let commitBefore = () => {};
    const after = new Promise<void>((resolve) => {
      commitBefore = resolve;
    });
    const admitted = admit(deps, batch(), cursor, { place: createPlace(null), after, moreFollows: false });
    await reachDeadline();
    expect(await sums()).toMatchObject({ accepted: 0, 'dead-letter': 0 });
    commitBefore();
    await reachDeadline();
    await admitted;
    expect(await sums()).toMatchObject({ accepted: 3, 'dead-letter': 2 });
  });
});
