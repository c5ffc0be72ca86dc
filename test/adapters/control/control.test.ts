import { existsSync, linkSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askControl, startControl } from '../../../src/adapters/control/control.ts';

const echo = async ({ input }: { readonly input: unknown }) => input;

describe('the control socket', () => {
  let folder: string;
  let place: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'restage-control-'));
    place = path.join(folder, 'control.sock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('answers what is asked, and nobody but the bot’s own user may ask', async () => {
    const control = await startControl(place, echo);
    expect(await askControl(place, { operation: 'echo', input: { a: 1 } })).toEqual({ a: 1 });
    expect(lstatSync(place).mode & 0o777).toBe(0o600);
    await control.stop();
    await expect(askControl(place, { operation: 'echo', input: 1 })).rejects.toMatchObject({
      code: 'not-running',
    });
  });

  it('is not taken away from a bot that answers on it', async () => {
    const first = await startControl(place, echo);
    await expect(startControl(place, echo)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(`another bot answers on ${place}`),
    });
    expect(await askControl(place, { operation: 'echo', input: 'still here' })).toBe('still here');
    await first.stop();
  });

  it('replaces one that a dead bot left', async () => {
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(path.join(folder, 'a'), resolve));
    // Closing removes the name it was opened by; the other name stays behind, as after SIGKILL.
    linkSync(path.join(folder, 'a'), place);
    await new Promise((resolve) => dead.close(resolve));
    expect(lstatSync(place).isSocket()).toBe(true);
    const control = await startControl(place, echo);
    expect(await askControl(place, { operation: 'echo', input: 2 })).toBe(2);
    await control.stop();
  });

  it('never removes a file that is no socket', async () => {
    writeFileSync(place, 'precious');
    await expect(startControl(place, echo)).rejects.toMatchObject({ code: 'config-invalid' });
    expect(existsSync(place)).toBe(true);
  });
});
