import { describe, expect, it } from 'vitest';
import type { CommandState } from '../../src/domain/redistribution.ts';
import { decideNext } from '../../src/redistribution/decide-next.ts';

const decide = (
  states: readonly CommandState[],
  atOnce: number,
  onFailure: 'stop' | 'continue',
  ahead = 0,
) => {
  const commands = states.map((state, index) => ({ id: String(index), state }));
  const { start, skip } = decideNext({ commands, atOnce, ahead, onFailure, goesOn: true });
  return { start: start.join(''), skip: skip.join('') };
};

describe('B12: what starts next', () => {
  it.each<[string, CommandState[], number, 'stop' | 'continue', string, string]>([
    ['one after the other', ['approved', 'approved'], 1, 'continue', '0', ''],
    ['none beside one that runs', ['running', 'approved'], 1, 'continue', '', ''],
    ['several at a time', ['approved', 'approved', 'approved'], 2, 'continue', '01', ''],
    [
      'rolling: one for each that has ended',
      ['succeeded', 'running', 'approved', 'approved'],
      2,
      'continue',
      '2',
      '',
    ],
    ['on after a failure', ['failed', 'approved'], 1, 'continue', '1', ''],
    [
      'no more after a failure, where that stops the rest',
      ['failed', 'approved', 'approved'],
      1,
      'stop',
      '',
      '12',
    ],
    ['no more after an unknown end', ['unknown', 'running', 'approved'], 2, 'stop', '', '2'],
    ['on after one that was left out', ['skipped', 'approved'], 1, 'stop', '1', ''],
    ['nothing that was not approved', ['planned', 'approved'], 2, 'continue', '1', ''],
  ])('%s', (_name, states, atOnce, onFailure, start, skip) => {
    expect(decide(states, atOnce, onFailure)).toEqual({ start, skip });
  });

  it('chooses quick ones ahead, but never where a failure stops the rest', () => {
    const states: CommandState[] = ['running', 'approved', 'approved', 'approved'];
    expect(decide(states, 1, 'continue', 2).start).toBe('12');
    expect(decide(states, 1, 'stop', 2).start).toBe('');
  });
});

describe('B12: a canary', () => {
  const go = (canaries: readonly CommandState[], others: readonly CommandState[], goesOn = true) => {
    const all = [...canaries, ...others];
    const commands = all.map((state, index) => ({
      id: String(index),
      state,
      isCanary: index < canaries.length,
    }));
    const { start, skip, asks } = decideNext({
      commands,
      atOnce: 9,
      ahead: 3,
      onFailure: 'continue',
      goesOn,
    });
    return { start: start.join(''), skip: skip.join(''), asks };
  };

  it.each<[string, CommandState[], CommandState[], boolean, string, string, boolean]>([
    ['goes first, alone', ['approved', 'approved'], ['approved'], true, '01', '', false],
    ['is waited for', ['succeeded', 'running'], ['approved'], true, '', '', false],
    ['is waited for, also if another has failed', ['failed', 'approved'], ['approved'], true, '1', '', false],
    [
      'that has succeeded lets the others follow',
      ['succeeded'],
      ['approved', 'approved'],
      true,
      '12',
      '',
      false,
    ],
    [
      'that has succeeded asks where somebody has to say so',
      ['succeeded'],
      ['approved'],
      false,
      '',
      '',
      true,
    ],
    ['asks for nothing if no others are left', ['succeeded'], ['skipped'], false, '', '', false],
    [
      'that has failed stops the others',
      ['succeeded', 'failed'],
      ['approved', 'approved'],
      true,
      '',
      '23',
      false,
    ],
    ['of which nobody knows the end stops the others', ['unknown'], ['approved'], false, '', '1', false],
    ['that never started stops the others', ['skipped'], ['approved'], true, '', '1', false],
    ['that was left out is none', ['planned'], ['approved'], false, '1', '', false],
  ])('%s', (_name, canaries, others, goesOn, start, skip, asks) => {
    expect(go(canaries, others, goesOn)).toEqual({ start, skip, asks });
  });
});
