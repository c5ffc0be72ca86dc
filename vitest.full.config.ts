import { defineConfig, mergeConfig } from 'vitest/config';
import usual from './vitest.config.ts';

/** The tests that take minutes, of which `npm run test:full` runs all. */
export default mergeConfig(
  { ...usual, test: { ...usual.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ['test/full/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 } }),
);
