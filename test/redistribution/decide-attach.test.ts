import { describe, expect, it } from 'vitest';
import { type AttachCheck, decideAttach } from '../../src/redistribution/decide-attach.ts';

const sent: AttachCheck = {
  seenOnServer: false,
  runFolder: 'home',
  refusal: null,
  drift: null,
  isElsewhere: false,
};
const drift = 'its host is b, it was a';

describe('B12: a run that was sent before', () => {
  it.each<[string, Partial<AttachCheck>, boolean, 'lost' | 'unstarted', string]>([
    ['that nobody has seen is sent again', {}, true, 'unstarted', 'does not have it'],
    ['that was seen is only looked at', { seenOnServer: true }, false, 'lost', 'does not have the run any'],
    ['that may not start now', { refusal: 'too old' }, false, 'unstarted', 'too old'],
    ['whose folder was not stored', { runFolder: null }, false, 'lost', 'earlier version'],
    ['to another machine', { drift, isElsewhere: true }, false, 'lost', `${drift}; look where it was sent`],
    ['with another environment', { drift: 'its sudo is gone' }, false, 'unstarted', 'its sudo is gone'],
  ])('%s', (_name, change, mayStart, kind, words) => {
    const decision = decideAttach({ ...sent, ...change });
    expect(decision).toEqual({
      mayStart,
      ifMissing: { kind, reason: expect.stringContaining(words) as unknown },
    });
  });
});
