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
    const isWaiting = ({ moduleId }: TestSpecification) => moduleId.includes('/test/integration/');
    return [...sorted.filter(isWaiting), ...sorted.filter((file) => !isWaiting(file))];
  }
}

/** Rooms whose tests change nothing of their process: the files share one, which loads the modules once. */
const pureRooms = [
  'test/{alert,diagnosis,domain,heartbeat,messages,outage,paging,redistribution,report,threshold,ticket}/**/*.test.ts',
];

export const usual = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } },
  sequence: { sequencer: ServersFirst },
} as const;

export default defineConfig({
  test: {
    ...usual,
    maxWorkers: 2,
    projects: [
      { test: { ...usual, name: 'pure', include: pureRooms, isolate: false } },
      {
        test: {
          ...usual,
          name: 'all else',
          include: ['test/**/*.test.ts'],
          exclude: ['test/full/**', ...pureRooms],
          provide: { isLongRun: false },
          globalSetup: ['test/support/templates.ts'],
        },
      },
    ],
  },
});
