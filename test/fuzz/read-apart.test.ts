import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import type { ReadingOrder } from '../../src/fuzz/read-apart.ts';
import { tokens } from '../support/site-config.ts';

/** As `npm run build` leaves it. */
const program = path.resolve(import.meta.dirname, '../../dist/fuzz/read-apart.js');

test('the process that reads mails apart ends with the one that it reads them for', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-apart-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'data'));
  const configFile = path.join(folder, 'restage.yaml');
  const routing = { fallbackChannel: 'ops' };
  writeFileSync(
    configFile,
    stringify({ database: { dataDir: './data' }, intake: { smtp: { port: 0 } }, routing }),
  );
  const order: ReadingOrder = {
    configFile,
    env: { ...tokens },
    seed: 1,
    inputs: 1_000_000,
    withLargest: false,
  };
  const reader = fork(program, [JSON.stringify(order)], { silent: true });
  onTestFinished(() => void reader.kill('SIGKILL'));
  const ended = once(reader, 'exit');
  reader.disconnect();
  await ended;
  expect(reader.signalCode).toBeNull();
}, 60_000);
