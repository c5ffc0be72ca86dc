import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/adapters/log/pino-log.ts';

function logged(fields: object, message = 'it failed'): string {
  let written = '';
  createLog('info', { write: (line) => void (written += line) }).warn(fields, message);
  return written;
}

describe('the log', () => {
  it.each(['error', 'err', 'cause'])('tells an error that is its field %s, with its causes', (name) => {
    const socket = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = new TypeError('no answer', { cause: new Error('no connection', { cause: socket }) });
    const line = JSON.parse(logged({ [name]: error, channel: 'maint-eu' }));
    expect(line).toMatchObject({
      msg: 'it failed',
      channel: 'maint-eu',
      [name]: {
        type: 'TypeError',
        message: 'no answer',
        stack: expect.stringContaining('pino-log.test.ts'),
        cause: { message: 'no connection', cause: { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' } },
      },
    });
  });

  it('leaves a field that is text as it is', () => {
    expect(JSON.parse(logged({ error: 'no answer' })).error).toBe('no answer');
  });

  it('ends where causes lead in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.parse(logged({ error })).error.message).toBe('round');
  });

  it.each([
    ['xoxb-1234567890-0987654321-AbCdEf', 'AbCdEf'],
    ['xoxp-1-2-AbCdEf', 'AbCdEf'],
    ['xoxe.xoxb-1-AbCdEf', 'AbCdEf'],
    ['xapp-1-A0B-55-AbCdEf', 'AbCdEf'],
    ['wss://wss.example.test/link/?ticket=AbCdEf&app_id=1', 'AbCdEf'],
    ['postgres://restage:AbC%20dEf@db.example.net:5432/restage', 'AbC%20dEf'],
    ['imaps://alerts:AbCdEf@mail.example.net', 'AbCdEf'],
    ['https://:AbCdEf@inventory.example.net/devices', 'AbCdEf'],
  ])('never bears %s, wherever it comes from', (text, secret) => {
    const hidden = new Error('outer', { cause: new Error(`refused: ${text}`) });
    const request = Object.assign(new Error('request failed'), {
      config: { headers: { Authorization: `Bearer ${text}` } },
    });
    const lines = [
      logged({ error: hidden }),
      logged({ error: request }),
      logged({ said: `“${text}”`, nested: { deep: [text] } }),
      logged({}, `tried ${text}`),
    ];
    for (const line of lines) {
      expect(line).not.toContain(secret);
      expect(() => JSON.parse(line)).not.toThrow();
    }
  });

  it('tells addresses without a password in full', () => {
    const text = 'https://inventory.example.net:8443/devices?at=12:00 as restage@example.net';
    expect(JSON.parse(logged({ url: text })).url).toBe(text);
  });
});
