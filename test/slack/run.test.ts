import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Workspace } from '../../src/demo/workspace/workspace.ts';
import { botToken, startTestWorkspace } from '../demo/workspace/bolt.ts';
import { catalogue } from '../messages/catalogue/catalogue.ts';
import type { Entry } from '../messages/catalogue/entry.ts';
import { runSlackTest } from './run.ts';
import { validateMessages } from './validate-messages.ts';

let workspace: Workspace;

beforeEach(async () => {
  workspace = await startTestWorkspace();
});

afterEach(() => workspace.close());

async function run(entries: readonly Entry[], token: string) {
  const lines: string[] = [];
  const environment = { SLACK_TEST_TOKEN: token, SLACK_TEST_API_URL: workspace.apiUrl };
  const exitCode = await runSlackTest({ entries, environment, print: (line) => lines.push(line) });
  return { exitCode, lines };
}

/** Rendering a list of 10,000 takes seconds; the catalogue's own test does it once. */
const withoutLongLists = catalogue.filter(({ title }) => !title.includes('10,000'));

const broken: Entry = {
  renderer: run,
  title: 'renderBroken 1',
  payloads: () => [
    {
      message: {
        text: 'x',
        blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
      },
    },
  ],
};

test('the Slack test sends every rendered message and form to blocks.validate, which takes each', async () => {
  const { exitCode, lines } = await run(withoutLongLists, botToken);
  expect(lines).toEqual([expect.stringMatching(/^[1-9]\d{2,} passed, 0 failed$/)]);
  expect(exitCode).toBe(0);
}, 180_000);

test('the Slack test prints a refused message with the words of Slack, and counts it', async () => {
  const { exitCode, lines } = await run([broken, ...catalogue.slice(0, 1)], botToken);
  expect(lines).toEqual([
    expect.stringMatching(/^renderBroken 1: invalid_blocks .*json-pointer:\/blocks\/0\/text/),
    '1 passed, 1 failed',
  ]);
  expect(exitCode).toBe(1);
});

test('the Slack test says that the token is not good, and exits with 2', async () => {
  const { exitCode, lines } = await run(catalogue, 'xoxb-wrong');
  expect(lines).toEqual([expect.stringContaining('invalid_auth')]);
  expect(exitCode).toBe(2);
});

test('the Slack test waits as long as Retry-After says, and asks again', async () => {
  workspace.misbehave({ kind: 'rate-limit', method: 'blocks.validate', times: 2, retryAfterS: 7 });
  const waits: number[] = [];
  const wait = (ms: number) => Promise.resolve(waits.push(ms));
  const asked = { token: botToken, apiUrl: workspace.apiUrl, print: () => {}, wait };
  expect(await validateMessages(catalogue.slice(0, 1), asked)).toEqual({ passed: 1, failed: 0 });
  expect(waits).toEqual([7_000, 7_000]);
});

test('npm run test:slack without a token says in one sentence what to set, and exits with 2', async () => {
  const child = spawn('npm', ['run', '--silent', 'test:slack'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: { ...process.env, SLACK_TEST_TOKEN: '' },
  });
  const [printed, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(printed).toMatch(/^Set SLACK_TEST_TOKEN to [^\n]+\n$/);
  expect(exitCode).toBe(2);
}, 120_000);
