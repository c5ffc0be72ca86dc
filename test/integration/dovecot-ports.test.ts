import { expect, onTestFinished, test } from 'vitest';
import { startDovecot } from '../../src/bench/servers/dovecot.ts';
import { freePort } from '../../src/bench/servers/free-port.ts';

/** Returns a port of its own only after so many calls. */
async function takenFirst(calls: number): Promise<() => Promise<number>> {
  const taken = await freePort();
  let called = 0;
  return () => {
    called += 1;
    return called <= calls ? Promise.resolve(taken) : freePort();
  };
}

test('a Dovecot whose port was taken before it listened gets others', async () => {
  const dovecot = await startDovecot(await takenFirst(3));
  onTestFinished(() => dovecot.stop());
  expect(new Set([dovecot.imapPort, dovecot.imapsPort, dovecot.lmtpPort]).size).toBe(3);
});

test('one that ends at once each time is an error, and is not waited for', async () => {
  await expect(startDovecot(await takenFirst(6))).rejects.toThrow(/dovecot ended with exit code \d+/);
});
