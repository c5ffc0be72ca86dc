import { describe, expect, it } from 'vitest';
import { chooseEvicted, type Guest } from '../../src/domain/choose-evicted.ts';

const nowMs = 100_000;

function guest(address: string, change: Partial<Guest> & { readonly ageMs?: number } = {}): Guest {
  const { ageMs = 60_000, ...rest } = change;
  return { address, awaitsUs: false, bytes: 0, sinceMs: nowMs - ageMs, ...rest };
}

describe('who makes room for a new connection', () => {
  const dribbler = guest('10.0.0.1', { bytes: 60 });
  const idle = guest('10.0.0.2');
  const uploading = guest('10.0.0.3', { bytes: 4_000_000 });
  const waiting = guest('10.0.0.4', { awaitsUs: true });
  const fresh = guest('10.0.0.5', { ageMs: 1_000 });

  it.each([
    ['the one that sends nothing', [dribbler, idle, uploading], '10.0.0.9', idle],
    ['the one that dribbles', [dribbler, uploading, waiting], '10.0.0.9', dribbler],
    ['nobody who sends at a fair rate', [uploading, uploading], '10.0.0.9', null],
    ['nobody whom we owe an answer', [waiting, waiting], '10.0.0.9', null],
    ['nobody who has just come', [fresh, waiting], '10.0.0.9', null],
    [
      'one that has just come, of the address that holds most places',
      [fresh, fresh, waiting],
      '10.0.0.9',
      fresh,
    ],
    [
      'none of its own, if the address that holds most places comes again',
      [fresh, fresh, waiting],
      '10.0.0.5',
      null,
    ],
  ])('%s', (_who, guests, newcomer, expected) => {
    expect(chooseEvicted(guests, newcomer, nowMs)).toBe(expected);
  });

  it('a relay that holds most places and sends much keeps them', () => {
    const busy = Array.from({ length: 150 }, () => guest('10.0.0.7', { ageMs: 2_000, bytes: 500_000 }));
    expect(chooseEvicted([...busy, fresh], '10.0.0.9', nowMs)).toBeNull();
  });
});
