import { afterEach, describe, expect, it } from 'vitest';
import { createReaderProcess } from '../../src/adapters/reader/reader-process.ts';
import { type CarefulReader, ReaderEnded, ReaderUnavailable } from '../../src/domain/careful-reader.ts';

let reader: CarefulReader<unknown>;
afterEach(() => reader.close());

const program = new URL('../support/reader-program.mjs', import.meta.url);
const open = (options = {}) => {
  reader = createReaderProcess({ program, setting: () => ({}), ...options });
};
const read = (text: string) =>
  reader.read({ source: Buffer.from(text), via: 'smtp', receivedAt: new Date(0) }, 'received');

describe('A1: a mail is read in a process of its own', () => {
  it('that answers, and knows nothing of the environment', async () => {
    open();
    expect(await Promise.all([read('one'), read('two')])).toEqual([
      { text: 'one', kind: 'received', environment: [] },
      { text: 'two', kind: 'received', environment: [] },
    ]);
  });

  it.each([
    ['kill', 'ended by SIGKILL'],
    ['exit', 'exit code 3'],
  ])('that a mail ends by %s; the next mail gets another one', async (text, message) => {
    open();
    const [ended, next] = await Promise.allSettled([read(text), read('next')]);
    expect(ended).toMatchObject({ status: 'rejected', reason: new ReaderEnded(message) });
    expect(next).toMatchObject({ status: 'fulfilled', value: { text: 'next' } });
  });

  it('that a mail ends by its need for memory, and nothing else is ended', async () => {
    open({ memoryMegabytes: 32 });
    await expect(read('memory')).rejects.toBeInstanceOf(ReaderEnded);
    expect(await read('next')).toMatchObject({ text: 'next' });
  });

  it('that is ended when a mail keeps it busy for too long', async () => {
    open({ withinMs: 200 });
    await expect(read('hang')).rejects.toThrow('no answer within 0.2 s');
    await reader.close();
    open();
    expect(await read('next')).toMatchObject({ text: 'next' });
  });

  it('that is not ended when the bot itself was stopped while the answer came', async () => {
    open({ withinMs: 1_000 });
    await read('first');
    const answer = read('second');
    await new Promise(setImmediate);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000);
    expect(await answer).toMatchObject({ text: 'second' });
  });

  it('unless there is no such process: that is not the mail\u2019s fault', async () => {
    open({ program: new URL('../support/no-such-program.mjs', import.meta.url) });
    await expect(read('one')).rejects.toBeInstanceOf(ReaderUnavailable);
  });
});
