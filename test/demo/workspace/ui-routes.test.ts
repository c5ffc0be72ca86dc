import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { startTestWorkspace } from './bolt.ts';

const json = { 'content-type': 'application/json' };

describe('the page answers to itself only', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await startTestWorkspace();
  });

  afterEach(() => workspace.close());

  /** Resolves with the status; `fetch` would not let us choose the Host. */
  function send(method: string, path: string, headers: Record<string, string>, body = ''): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(`${workspace.url}${path}`, { method, headers }, (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  const message = JSON.stringify({ userId: 'U0ANA', channel: 'dist-north', text: 'hello' });

  it('takes what its own page sends', async () => {
    expect(await send('POST', '/ui/message', { ...json, origin: workspace.url }, message)).toBe(200);
    expect(workspace.messages('dist-north')).toMatchObject([{ userId: 'U0ANA', text: 'hello' }]);
  });

  it.each<[string, string, string, Record<string, string>, number]>([
    ['a request of another site', 'POST', '/ui/message', { ...json, origin: 'https://evil.example' }, 403],
    ['a name rebound to this machine', 'POST', '/ui/message', { ...json, host: 'evil.example' }, 403],
    ['a rebound name that reads', 'GET', '/ui/events', { host: 'evil.example' }, 403],
    ['a form', 'POST', '/ui/message', { 'content-type': 'text/plain' }, 400],
    ['an action that is not there', 'POST', '/ui/constructor', json, 400],
    ['a file outside of the page', 'GET', '/page/..%2fserver.ts', {}, 404],
    ['a path that is not there', 'GET', '/elsewhere', {}, 404],
  ])('refuses %s', async (_what, method, path, headers, status) => {
    expect(await send(method, path, headers, method === 'POST' ? message : '')).toBe(status);
    expect(workspace.messages('dist-north')).toEqual([]);
  });

  it('says what went wrong with a click', async () => {
    const click = { userId: 'U0ANA', channel: 'dist-north', ts: '1.0', actionId: 'ack' };
    const answer = await fetch(`${workspace.url}/ui/click`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(click),
    });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      ok: false,
      error: expect.stringContaining('no such button'),
    });
  });
});
