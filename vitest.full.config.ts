import { defineConfig } from 'vitest/config';
import { usual } from './vitest.config.ts';

/** What `npm run test:full` runs beyond `npm test`: tests that take minutes, every tool, and the workflows on the embedded database. */
export default defineConfig({
  test: {
    ...usual,
    include: [
      'test/full/**/*.test.ts',
      'test/workflows/**/*.test.ts',
      'test/redistribution/adapter/ansible-log.test.ts',
      'test/integration/{clocks,kill,server-clock,tools,two-processes,whole-story}.test.ts',
    ],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
    provide: { isLongRun: true },
    globalSetup: ['test/support/templates.ts'],
  },
});
