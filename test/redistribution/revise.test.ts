import { describe, expect, it } from 'vitest';
import type { CommandTemplate, RebuiltCommand } from '../../src/domain/redistribution.ts';
import { editCommand, widenCommand } from '../../src/redistribution/revise.ts';
import { makeRecord, rebuildCommand } from './records.ts';

const template: CommandTemplate = {
  program: 'push',
  flags: [
    { name: '--to', value: '[a-z,0-9-]+' },
    { name: '--fast', value: null },
  ],
  arguments: [],
  directories: [],
  list: ['--to'],
};
const rules = { allowed: [template], recorder: null };
const record = makeRecord(
  { 'c-1': 'failed', 'c-2': 'succeeded', 'c-3': 'failed' },
  { argv: ['push', '--to', 'c-1,c-2,c-3'] },
);
const narrowed = rebuildCommand(record, ['c-1', 'c-3'], [template], 2);

describe('B9: the whole original list', () => {
  it('is run with the original arguments, for all recipients of then', () => {
    expect(narrowed.argv).toEqual(['push', '--to', 'c-1,c-3']);
    expect(widenCommand(narrowed, rules)).toMatchObject({
      argv: ['push', '--to', 'c-1,c-2,c-3'],
      recipients: ['c-1', 'c-2', 'c-3'],
      refusal: null,
    });
  });

  it('may be run where a known tool could not be narrowed', () => {
    const argv = ['rsync', '-a', '/srv/x', 'c-1:/srv'];
    const rsync = {
      program: 'rsync',
      flags: [{ name: '-a', value: null }],
      arguments: ['.*'],
      directories: [],
    };
    const two = makeRecord({ 'c-1': 'failed', 'c-2': 'succeeded' }, { argv });
    const refused = rebuildCommand(two, ['c-1'], [rsync], 2);
    expect(refused.refusal).toContain('rsync has one target');
    expect(widenCommand(refused, { ...rules, allowed: [rsync] })).toMatchObject({
      refusal: null,
      recipients: ['c-1', 'c-2'],
      mayReachOthers: 'rsync has one target, and not 2',
    });
  });

  it.each([
    ['pdsh -a uptime', 'pdsh -w c-1,c-2 uptime'],
    ['ansible-playbook site.yml', 'ansible-playbook --limit c-1,c-2 site.yml'],
  ])('is the list of then, not what “%s” would reach today', (original, argv) => {
    const command = rebuildCommand(
      makeRecord({ 'c-1': 'failed', 'c-2': 'succeeded' }, { argv: original.split(' ') }),
      ['c-1'],
      [],
      2,
    );
    const widened = widenCommand({ ...command, refusal: null }, { ...rules, allowed: [] });
    expect(widened.argv).toEqual(argv.split(' '));
    expect(widened.mayReachOthers).toBeUndefined();
  });

  it('may reach others where its list is not its own', () => {
    const pushAll = makeRecord({ 'c-1': 'failed' }, { argv: ['push', '--to', 'all'] });
    expect(rebuildCommand(pushAll, ['c-1'], [template], 2).mayReachOthers).toBe(
      'its arguments do not name c-1',
    );
  });

  it.each<[string, Partial<RebuiltCommand>]>([
    ['is not allowed', { refusal: 'no', refusedFor: 'arguments' }],
    ['may still be running', { refusal: 'running', refusedFor: 'circumstances' }],
  ])('stays refused where the command %s', (_name, change) => {
    const refused = { ...narrowed, ...change };
    expect(widenCommand(refused, rules)).toBe(refused);
  });

  it('is refused where the templates allow the narrowed list alone', () => {
    const one = { ...template, flags: [{ name: '--to', value: 'c-1,c-3' }] };
    expect(widenCommand(narrowed, { ...rules, allowed: [one] }).refusal).toContain('argument 1');
  });
});

describe('B11: a command with other arguments', () => {
  it.each([
    ['one more flag', ['push', '--to', 'c-1,c-3', '--fast'], ['c-1', 'c-3']],
    ['one recipient less', ['push', '--to', 'c-3'], ['c-3']],
    ['one of the original more', ['push', '--to', 'c-1,c-2,c-3'], ['c-1', 'c-3', 'c-2']],
  ])('%s', (_name, argv, recipients) => {
    const revision = editCommand(narrowed, argv, rules);
    expect(revision.taken && revision.command).toMatchObject({ argv, recipients, refusal: null });
    expect(revision.taken && revision.command.causes).toHaveLength(recipients.length);
  });

  it.each([
    ['a flag that is not allowed', ['push', '--to', 'c-1', '--rsh', 'sh'], 3, '--rsh'],
    ['another program', ['sh', '-c', 'c-1 c-3'], 0, 'not an allowed program'],
    ['an invisible character', ['push', '--to', 'c-1\u202e'], 2, 'invisible'],
    ['no recipient', ['push', '--fast'], null, 'none of its recipients'],
    ['nothing', [], null, 'none of its recipients'],
  ])('%s is refused, and the argument at fault named', (_name, argv, index, reason) => {
    expect(editCommand(narrowed, argv, rules)).toMatchObject({
      taken: false,
      faults: expect.arrayContaining([{ index, reason: expect.stringContaining(reason) }]),
    });
  });

  it('an edited command is refused with every argument that is at fault', () => {
    const revision = editCommand(narrowed, ['push', '--to', 'c-1', '--rsh', '--perl'], rules);
    expect(!revision.taken && revision.faults.map(({ index }) => index)).toEqual([3, 4]);
    const unseen = editCommand(narrowed, ['push', '--to', 'c-1', 'a\u202e', 'b\u202e'], rules);
    expect(!unseen.taken && unseen.faults.map(({ index }) => index)).toEqual([3, 4]);
  });

  it('can mend what was refused for its arguments, but not what may still be running', () => {
    const argv = ['push', '--to', 'c-1'];
    const refused = {
      ...narrowed,
      argv: ['push', '--slow', 'c-1', 'c-3'],
      refusal: 'no',
      refusedFor: 'arguments',
    } as const;
    expect(editCommand(refused, argv, rules).taken).toBe(true);
    expect(editCommand({ ...refused, refusedFor: 'circumstances' }, argv, rules).taken).toBe(false);
  });

  it('stays for the same recipients where its arguments never named them', () => {
    const folded = { ...narrowed, argv: ['push', '--to', 'c'] };
    const revision = editCommand(folded, ['push', '--to', 'd'], rules);
    expect(revision.taken && revision.command.recipients).toEqual(['c-1', 'c-3']);
  });
});
