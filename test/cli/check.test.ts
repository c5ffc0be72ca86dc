import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'restage-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function check(config: string): Promise<{ exitCode: number; out: string; err: string }> {
  const file = path.join(folder, 'restage.yaml');
  writeFileSync(file, config);
  let out = '';
  let err = '';
  const exitCode = await runCli(['node', 'restage', 'check', '-c', file], {
    env: {},
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    onStopSignal: () => {},
  });
  return { exitCode, out, err };
}

const paging = (schedule: string) => `
intake: { smtp: {} }
onCall: { schedules: { primary: { rotation: { every: 1w, start: 2026-11-02T08:00, users: [U0ANA] }${schedule} } } }
paging: { policies: { default: { steps: [{ notify: [primary] }] } } }
`;

describe('A19: restage check', () => {
  it('names a step that reaches nobody as a fault', async () => {
    const { exitCode, err } = await check(paging('').replace('[primary]', '[nobody-here]'));
    expect(exitCode).toBe(1);
    expect(err).toContain('restage.yaml:4:');
    expect(err).toContain('names no schedule (got "nobody-here"). Known here: primary.');
  });

  it('warns of a step that at times reaches nobody, with the first gap, and is content otherwise', async () => {
    const { exitCode, out, err } = await check(paging(', restrict: { days: [mon-fri] }'));
    expect(exitCode).toBe(0);
    expect(err).toContain(
      'reaches nobody, for the first time from 2026-11-07 00:00 to 2026-11-09 00:00 (UTC)',
    );
    expect(out).toContain('no fault found');
  });

  it('says nothing about a step that always reaches somebody', async () => {
    expect(await check(paging(''))).toMatchObject({ exitCode: 0, err: '' });
  });
});
