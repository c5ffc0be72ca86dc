import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { findFaketime } from '../../src/chaos/mail/clocks.ts';
import { createServerAccess } from '../../src/adapters/ssh/server-access.ts';
import type { ServerAccess, ServerProfile } from '../../src/domain/server.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { int38, prepareRedistributions, type RedistributionBench } from '../support/redistributions.ts';
import { silentLog } from '../support/silent-log.ts';
import { type Sshd, startSshd } from '../support/sshd.ts';
import { createWorkbench, start, type Workbench } from '../support/workbench.ts';

const recorder = new URL('../../src/recorder/restage-record', import.meta.url).pathname;
const hourMs = 3_600_000;

/** What every program of a session has in its environment, so that its clock shows this. */
function clockShowing(time: Date): Readonly<Record<string, string>> {
  return {
    LD_PRELOAD: findFaketime(),
    FAKETIME: `@${time.toISOString().slice(0, 19).replace('T', ' ')}`,
    TZ: 'UTC',
  };
}

for (const [name, offsetMs, words] of [
  ['ahead', 2 * hourMs, '2 h ahead'],
  ['behind', -2 * hourMs, '2 h behind'],
] as const) {
  describeOnBothDatabases(`a server whose clock is 2 h ${name}`, (open) => {
    let sshd: Sshd;
    let access: ServerAccess;
    let profile: ServerProfile;
    let bench: Workbench;
    let site: RedistributionBench;
    const env = clockShowing(new Date(start.getTime() + offsetMs));

    beforeAll(async () => {
      sshd = await startSshd({ env });
      mkdirSync(join(sshd.home, 'bin'));
      copyFileSync(recorder, join(sshd.home, 'bin/restage-record'));
      writeFileSync(join(sshd.home, 'recorder.conf'), `SERVER=int-38\nLOG_DIR=${sshd.home}/log\n`);
    });
    afterAll(() => sshd.stop());
    beforeEach(async () => {
      bench = await createWorkbench(await open());
      access = createServerAccess({ log: silentLog, clock: bench.deps.clock });
      const { user, port, clientKeyFile: privateKeyFile, hostKeyFingerprint: hostKey } = sshd;
      const log = { adapter: 'record', path: `${sshd.home}/log/*.jsonl` } as const;
      profile = {
        ...int38,
        user,
        port,
        privateKeyFile,
        hostKey,
        logs: [{ ...log, timeZone: 'UTC', longestRunMs: 0, format: null }],
      };
      site = prepareRedistributions(bench, [profile]);
      Object.assign(site.deps.servers, access);
    });
    afterEach(async () => {
      await access.close();
      await bench.close();
    });

    /** A distribution by an operator of the server, as its clock has it. */
    function record(exitCode: number, passedMs: number): void {
      const command = ['sh', '-c', `exit ${exitCode}`];
      const argv = ['--job', 'J1', '--package', 'geo-db', '--recipient', 'int-58', '--', ...command];
      execFileSync(join(sshd.home, 'bin/restage-record'), argv, {
        env: {
          PATH: process.env['PATH'],
          HOME: sshd.home,
          RESTAGE_RECORD_CONF: join(sshd.home, 'recorder.conf'),
          // A faked clock begins anew with every program.
          ...clockShowing(new Date(start.getTime() + offsetMs + passedMs)),
        },
        stdio: 'ignore',
      });
    }

    it('measures it within the round trip, and keeps that', async () => {
      const reading = await access.clockOf(profile);
      expect(reading).not.toBeNull();
      const errorMs = Math.abs((reading?.offsetMs ?? 0) - offsetMs);
      expect(errorMs).toBeLessThanOrEqual((reading?.uncertaintyMs ?? 0) + 1_000);
    });

    it('finds what failed just now, says how far the clock is off, and lets a success clear it', async () => {
      expect(() => record(1, 0)).toThrow('Command failed');
      bench.pass(1_000);
      const id = await site.propose('int-38 since 11:30');
      const text = readText((await renderRedistribution(site.deps, id)) ?? { text: '', blocks: [] });
      expect(await site.record(id)).toMatchObject({ state: 'proposed' });
      expect(text).toContain(`The clock of int-38 is ${words}`);
      const history = await bench.deps.store.transaction((tx) => tx.clockHistory('int-38', start));
      expect(history).toHaveLength(1);

      record(0, 60_000);
      bench.pass(120_000);
      const after = await site.propose('int-38 since 11:30');
      expect(await site.record(after)).toMatchObject({ state: 'empty' });
      expect(await bench.deps.store.transaction((tx) => tx.failedJobs('int-38', null))).toEqual([]);
    });
  });
}
