import { afterEach, beforeEach, expect, it } from 'vitest';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { logLine, prepareRedistributions, type RedistributionBench } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const path = '/srv/geo-db';
const then = { path, files: 1, bytes: 100, newest: 1_795_000_000, digest: `sha256:${'a'.repeat(64)}` };

describeOnBothDatabases('B9: a package that is not what it was', (open) => {
  let bench: Workbench;
  let site: RedistributionBench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    site = prepareRedistributions(bench);
    site.server.logs.push(logLine(0, { sources: [then] }));
    bench.pass(1000);
  });
  afterEach(() => bench.close());

  const propose = async () => {
    const id = await site.propose();
    const [command] = await site.commands(id);
    return { id, command: command?.command };
  };

  it('is shown as changed', async () => {
    site.server.files.set(path, { ...then, bytes: 99 });
    const { command } = await propose();
    expect(command).toMatchObject({
      refusal: null,
      changed: ['/srv/geo-db has 99 bytes instead of 100'],
    });
    await bench.work();
    expect(JSON.stringify(bench.workspace.messages('maint-eu'))).toContain('has 99 bytes instead of 100');
  });

  it('is refused where it is gone', async () => {
    site.server.files.set(path, 'missing');
    const { command } = await propose();
    expect(command?.refusal).toBe('/srv/geo-db, which it distributes, is not there any more');
  });

  it.each([
    ['the same', then, 'succeeded', null],
    ['another one', { ...then, files: 2 }, 'skipped', 'since it was proposed, /srv/geo-db has 2 files'],
    [
      'swapped',
      { ...then, digest: `sha256:${'b'.repeat(64)}` },
      'skipped',
      'has another content of the same size',
    ],
    [
      'not to be read',
      { path, files: 1, bytes: 100, newest: then.newest },
      'skipped',
      'could not be compared',
    ],
    ['not to be found out', 'unknown' as const, 'skipped', 'could not be compared'],
    ['gone', 'missing' as const, 'skipped', 'is not there any more'],
  ])('is looked at again before it runs: %s', async (_what, finding, state, note) => {
    site.server.files.set(path, then);
    const { id, command } = await propose();
    expect(command).toMatchObject({ sources: [then] });
    expect(command?.changed).toBeUndefined();
    expect(await clickApprove(site.deps, site.click(id))).toBeNull();
    site.server.files.set(path, finding);
    await runRedistribution(site.deps, id, new AbortController().signal);
    const [ended] = await site.commands(id);
    expect(ended).toMatchObject({ state });
    expect(ended?.note ?? '').toContain(note ?? '');
  });
});
