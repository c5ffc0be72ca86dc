import { afterEach, expect, it } from 'vitest';
import { ReaderEnded, ReaderUnavailable } from '../../src/domain/careful-reader.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { auditStore } from '../../src/workflows/audit.ts';
import { explainDraft } from '../../src/workflows/explain/explain-draft.ts';
import { admit } from '../../src/workflows/intake/admit.ts';
import { readHere } from '../../src/workflows/intake/read-carefully.ts';
import { readmitMail } from '../../src/workflows/intake/readmit.ts';
import { viewMail } from '../../src/workflows/intake/stored-mail.ts';
import { createSuspicion } from '../../src/workflows/intake/suspicion.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

describeOnBothDatabases('A1: mail that may have ended the process before', (open) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  /** Reads apart; a mail about this device ends its reader, as often as said. */
  const withReader = (device: string, endings: number): Deps => {
    let left = endings;
    const read: Deps['carefulReader']['read'] = (raw, kind) => {
      const isFatal = Buffer.from(raw.source).includes(device) && left > 0;
      if (!isFatal) return readHere(bench.deps, raw, kind);
      left -= 1;
      return Promise.reject(new ReaderEnded('ended by SIGKILL'));
    };
    return { ...bench.deps, suspicion: allSuspect, carefulReader: { read, close: async () => {} } };
  };
  const allSuspect = { isSuspect: () => true, open: async () => {}, close: async () => {} };
  const three = () => ['int-58', 'int-38', 'dist-01'].map((device) => alertMail(device, start));
  const sums = async () => (await bench.deps.store.transaction((tx) => tx.sums())).mails;

  it('is set aside with its source and its reason if it ends two readers, and those behind it count', async () => {
    bench = await createWorkbench(await open());
    const deps = withReader('int-58', Number.POSITIVE_INFINITY);
    const [fatal, ...others] = three();
    await admit(deps, [fatal as RawMail, ...others], null);
    expect(await sums()).toMatchObject({ accepted: 2, 'dead-letter': 1 });
    expect((await auditStore(bench.deps)).balanced).toBe(true);
    const stored = await deps.store.transaction((tx) => tx.storedMail(1));
    expect(stored).toMatchObject({
      reason: 'ended-its-reader',
      gates: [{ gate: 'mime', passed: false, values: { detail: 'ended by SIGKILL', tries: 2 } }],
    });
    expect(Buffer.from(stored?.source ?? []).toString()).toBe(Buffer.from(fatal?.source ?? []).toString());
  });

  it('that was set aside is looked at and re-admitted in a process of its own, and never in this one', async () => {
    bench = await createWorkbench(await open());
    await admit(withReader('int-58', Number.POSITIVE_INFINITY), three().slice(0, 1), null);
    const stillFatal = withReader('int-58', Number.POSITIVE_INFINITY);
    expect((await viewMail(stillFatal, 1))?.text).toContain('Device: int-58');
    const draft = { named: [], ids: [1], probe: false, others: [] };
    const refuse = () => Promise.reject(new Error('it is read here'));
    const openHere = (raw: RawMail) => ({ ...stillFatal.openMail(raw), readBody: refuse });
    const neverHere = { openMail: openHere, readMime: refuse };
    expect(await explainDraft({ ...stillFatal, ...neverHere }, draft)).toMatchObject([
      { outcome: 'dead-letter', reason: 'ended-its-reader', draft: null },
    ]);
    expect(await readmitMail(stillFatal, 1, 'T1/U1')).toMatchObject({
      readmitted: false,
      reason: 'unreadable',
    });
    expect(await readmitMail(withReader('int-58', 0), 1, 'T1/U1')).toMatchObject({ readmitted: true });
    expect(await sums()).toMatchObject({ accepted: 1, 'dead-letter': 0 });
  });

  it('counts if it ends one reader only', async () => {
    bench = await createWorkbench(await open());
    await admit(withReader('int-58', 1), three(), null);
    expect(await sums()).toMatchObject({ accepted: 3, 'dead-letter': 0 });
  });

  it('is read here if there is no other process', async () => {
    bench = await createWorkbench(await open());
    const read = () => Promise.reject(new ReaderUnavailable('no processes left'));
    const deps = { ...bench.deps, suspicion: allSuspect, carefulReader: { read, close: async () => {} } };
    await admit(deps, three(), null);
    expect(await sums()).toMatchObject({ accepted: 3 });
  });

  it('is what comes first to a start after a process that died, and nothing after a stop', async () => {
    bench = await createWorkbench(await open());
    const begin = async () => {
      const suspicion = createSuspicion(bench.deps);
      await suspicion.open(['imap:alerts', 'smtp', 'http']);
      return suspicion;
    };
    const first = await begin();
    expect(first.isSuspect('imap:alerts', 1)).toBe(false);

    const second = await begin();
    expect([second.isSuspect('imap:alerts', 1_999), second.isSuspect('imap:alerts', 500)]).toEqual([
      true,
      true,
    ]);
    expect(second.isSuspect('imap:alerts', 1)).toBe(false);
    expect([second.isSuspect('smtp', 9_999), second.isSuspect('http:watch', 1)]).toEqual([true, true]);
    bench.pass(24 * 3_600_000);
    expect([second.isSuspect('smtp', 1), second.isSuspect('http:watch', 1)]).toEqual([false, false]);

    await second.close();
    expect((await begin()).isSuspect('smtp', 1)).toBe(false);
  });
});
