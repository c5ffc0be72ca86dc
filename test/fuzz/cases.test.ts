import { describe, expect, test } from 'vitest';
import { createCase } from '../../src/fuzz/cases.ts';
import { createMailMaker } from '../../src/fuzz/mails.ts';
import { mutate } from '../../src/fuzz/mutate.ts';

const indexes = Array.from({ length: 40 }, (_, index) => index);
const makerOf = (seed: number) => createMailMaker({ seed, withLargest: false });

describe('the mails that are sent to the bot', () => {
  test('are the same again with the same seed, in whatever order they are made', () => {
    const [once, again] = [makerOf(7), makerOf(7)];
    const first = indexes.map((index) => once(index).bytes);
    const later = indexes.toReversed().map((index) => again(index).bytes);
    expect(later.toReversed().every((bytes, index) => first[index]?.equals(bytes))).toBe(true);
  });

  test('are others with another seed', () => {
    const [one, other] = [makerOf(7), makerOf(8)];
    const same = indexes.filter((index) => one(index).bytes.equals(other(index).bytes));
    expect(same.length).toBeLessThan(indexes.length / 4);
  });
});

describe('a mutation', () => {
  test('leaves its input as it was', () => {
    const input = Buffer.from('Device: client-1\r\nFailure: timeout\r\n');
    const before = Buffer.from(input);
    for (let index = 0; index < 200; index += 1) mutate(input, createCase(7, 'test', index).random, ['x']);
    expect(input).toEqual(before);
  });
});
