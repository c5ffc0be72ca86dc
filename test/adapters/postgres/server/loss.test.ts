import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createLoss } from '../../../../src/adapters/postgres/server/loss.ts';

it('work over a connection settles as it does by itself while the connection lasts', async () => {
  const loss = createLoss();
  await expect(loss.race(Promise.resolve(1))).resolves.toBe(1);
  await expect(loss.race(Promise.reject(new Error('own')))).rejects.toThrow('own');
});

it('work that is under way, and work that begins later, hears of the loss', async () => {
  const loss = createLoss();
  const underWay = loss.race(new Promise(() => {}));
  expect(loss.happen(new Error('gone'))).toBe(true);
  expect(loss.happen(new Error('again'))).toBe(false);
  await expect(underWay).rejects.toThrow('gone');
  await expect(loss.race(new Promise(() => {}))).rejects.toThrow('gone');
});

it('an error of the driver itself comes before the loss of its connection', async () => {
  const loss = createLoss();
  const underWay = loss.race(Promise.resolve().then(() => Promise.reject(new Error('its own'))));
  loss.happen(new Error('gone'));
  await expect(underWay).rejects.toThrow('its own');
});

it('what was answered over a connection is not kept until the connection ends', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const loss = createLoss();
  const answers: WeakRef<object>[] = [];
  for (let statement = 0; statement < 100; statement += 1) {
    const rows = [{ statement }];
    answers.push(new WeakRef(rows));
    await loss.race(Promise.resolve(rows));
  }
  await new Promise(setImmediate);
  collectGarbage();
  expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(5);
  expect(loss.error()).toBeNull();
});
