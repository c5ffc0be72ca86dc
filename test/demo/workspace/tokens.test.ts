import { beforeEach, describe, expect, it } from 'vitest';
import { ResponseUrls, Triggers } from '../../../src/demo/workspace/tokens.ts';

let nowMs = 0;
const now = () => new Date(nowMs);

function idOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

beforeEach(() => {
  nowMs = Date.UTC(2025, 2, 3);
});

describe('a trigger', () => {
  it('opens one modal for the person it was issued for', () => {
    const triggers = new Triggers(now);
    const id = triggers.issue('U0ANA');
    expect(triggers.redeem(id)).toBe('U0ANA');
    expect(() => triggers.redeem(id)).toThrow('exchanged_trigger_id');
  });

  it('lives three seconds', () => {
    const triggers = new Triggers(now);
    const id = triggers.issue('U0ANA');
    nowMs += 3001;
    expect(() => triggers.redeem(id)).toThrow('expired_trigger_id');
  });
});

describe('a response_url', () => {
  const context = { userId: 'U0ANA', channel: 'C0NORTH', threadTs: null, messageTs: null };

  it('takes five answers', () => {
    const urls = new ResponseUrls('http://127.0.0.1/response', now);
    const id = idOf(urls.issue(context));
    for (let use = 1; use <= 5; use += 1) expect(urls.redeem(id)).toEqual(context);
    expect(() => urls.redeem(id)).toThrow('used_url');
  });

  it('lives thirty minutes', () => {
    const urls = new ResponseUrls('http://127.0.0.1/response', now);
    const id = idOf(urls.issue(context));
    nowMs += 30 * 60_000 + 1;
    expect(() => urls.redeem(id)).toThrow('expired_url');
  });
});
