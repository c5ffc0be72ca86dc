import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The tests start hundreds of databases: in memory that takes a tenth of the time, and wears no disk.
if (existsSync('/dev/shm')) process.env['TMPDIR'] ??= '/dev/shm';

/** Starts the files that wait for real servers first: one of them alone at the end would leave a worker idle for minutes. */
class ServersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- Vitest's own method, not the array's.
    const sorted = await super.sort(files);
    const isWaiting = ({ moduleId }: TestSpecification) => /\/test\/(?:integration|cli)\//.test(moduleId);
    return [...sorted.filter(isWaiting), ...sorted.filter((file) => !isWaiting(file))];
  }
}

/** Rooms whose tests change nothing of their process: the files share one, which loads the modules once. */
const pureRooms = [
  'test/{alert,config,diagnosis,domain,heartbeat,messages,outage,paging,redistribution,report,threshold,ticket}/**/*.test.ts',
];

/** Rooms whose tests change nothing of their process either, and take databases. */
const sharingRooms = [
  'test/{adapters,chaos,cli,demo,fuzz,integration,manifests,mime,month,recorder,workflows}/**/*.test.ts',
];
/** Those of them that count what their process has, or change it. */
const alone = ['test/adapters/postgres/{pglite/client,server/lost-backends}.test.ts'];

export const usual = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } },
  sequence: { sequencer: ServersFirst },
} as const;

const short = { provide: { isLongRun: false } };
const withDatabases = { ...short, globalSetup: ['test/support/templates.ts'] };

export default defineConfig({
  test: {
    ...usual,
    // One more than the processors that CI has: many of the tests wait for other processes.
    maxWorkers: 3,
    projects: [
      { test: { ...usual, name: 'pure', include: pureRooms, isolate: false, ...short } },
      {
        test: {
          ...usual,
          name: 'all else',
          include: ['test/**/*.test.ts'],
          exclude: ['test/full/**', ...pureRooms, ...sharingRooms],
          ...withDatabases,
        },
      },
      { test: { ...usual, name: 'alone', include: alone, ...withDatabases } },
      {
        test: {
          ...usual,
          name: 'sharing',
          include: sharingRooms,
          exclude: alone,
          isolate: false,
          ...withDatabases,
        },
      },
    ],
  },
});
