import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startControl } from '../../src/adapters/control/control.ts';
import { runCli } from '../../src/cli/cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'restage-redistribute-'));
const socket = path.join(folder, 'control.sock');
const config = path.join(folder, 'restage.yaml');
writeFileSync(config, `validation: { domains: [example.com] }\ncontrol: { socket: ${socket} }\n`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function restage(...words: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const exitCode = await runCli(['node', 'restage', 'redistribute', ...words, '-c', config], {
    env: {},
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    onStopSignal: () => {},
  });
  return { exitCode, out, err };
}

const output = {
  id: 'r1',
  server: 'int-38',
  channel: 'maint-eu',
  state: 'proposed',
  note: null,
  digest: 'sha256:00',
  listing: 'Redistribution on int-38: 1 of 2 commands to run\n\n1. job a\u001b[31m\n',
  commands: [{ number: 2, job: 'b', refusal: 'argument 1 ("-e") is not an allowed flag' }],
  withoutCommand: 1,
  approvalsNeeded: 2,
  approvals: [],
  approvers: 'the group S0EU',
  notApproved: null,
};

it('B5: asks the running bot, and shows the proposal as text, or as JSON', async () => {
  const asked: unknown[] = [];
  const control = await startControl(socket, async ({ operation, input }) => {
    asked.push([operation, input]);
    return [{ ...output, notApproved: Reflect.get(Object(input), 'approve') === true ? 'You asked.' : null }];
  });
  const words = ['int-38', 'since', '14:30', '--job', 'nightly-*', '--only', '1-3'];
  const shown = await restage(...words);
  expect(asked).toMatchObject([
    ['redistribute', { text: 'int-38 since 14:30', only: 'nightly-*,1-3', approve: false, alone: false }],
  ]);
  expect(shown).toEqual({
    exitCode: 0,
    err: '',
    out: [
      'int-38: proposed',
      '',
      'Redistribution on int-38: 1 of 2 commands to run',
      '',
      '1. job a⟨U+001B⟩[31m',
      '',
      '2. job b can\'t be approved: argument 1 ("-e") is not an allowed flag',
      '1 failure is without a command: no log has the run.',
      '2 people must approve it in #maint-eu: the group S0EU.',
      '',
    ].join('\n'),
  });
  expect(await restage('int-38', '--yes')).toMatchObject({
    exitCode: 1,
    out: expect.stringContaining('Not approved: You asked.'),
  });
  const { out } = await restage('int-38', '--json');
  expect(JSON.parse(out)).toEqual(output);
  await control.stop();
});

it('B5: says what it needs where no bot runs', async () => {
  expect(await restage('int-38')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('SLACK_BOT_TOKEN'),
  });
});
