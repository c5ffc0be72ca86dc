import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { appToken, createClient, startTestWorkspace } from './bolt.ts';

/** A socket of an app that acknowledges only when told to. */
class RawSocket {
  readonly frames: Record<string, unknown>[] = [];
  readonly socket: WebSocket;
  #wake = () => {};

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data: Buffer) => {
      const frame: unknown = JSON.parse(data.toString());
      this.frames.push(Object(frame));
      this.#wake();
    });
  }

  async next(type: string, count = 1): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.frames.filter((frame) => frame['type'] === type)[count - 1];
      if (found) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  acknowledge(frame: Record<string, unknown>, payload: object): void {
    this.socket.send(JSON.stringify({ envelope_id: frame['envelope_id'], payload }));
  }
}

describe('Socket Mode', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await startTestWorkspace({ limits: 'off' });
  });

  afterEach(async () => {
    vi.useRealTimers();
    await workspace.close();
  });

  async function connect(): Promise<RawSocket> {
    const { url } = await createClient(workspace, {}, appToken).apps.connections.open();
    const socket = new RawSocket(url ?? '');
    await socket.next(workspace.connections >= 10 ? 'disconnect' : 'hello');
    return socket;
  }

  it('greets with the number of sockets and gives each envelope to one socket in turn', async () => {
    const first = await connect();
    const second = await connect();
    expect(second.frames[0]).toMatchObject({ type: 'hello', num_connections: 2 });
    for (const [index, socket] of [first, second, first].entries()) {
      const command = workspace.command('U0ANA', 'dist-north', `/redistribute ${index}`);
      const frame = await socket.next('slash_commands', index === 2 ? 2 : 1);
      expect(frame).toMatchObject({ accepts_response_payload: true, payload: { text: String(index) } });
      socket.acknowledge(frame, {});
      await command;
    }
  });

  it('tells the person after three seconds without an acknowledgement, and not the app again', async () => {
    const socket = await connect();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failure = workspace.command('U0ANA', 'dist-north', '/redistribute').catch(String);
    const frame = await socket.next('slash_commands');
    vi.advanceTimersByTime(3000);
    expect(await failure).toContain('/redistribute failed with the error "operation_timeout"');
    socket.acknowledge(frame, { text: 'too late' });
    expect(workspace.messages('dist-north').map(({ text, ephemeralFor }) => [text, ephemeralFor])).toEqual([
      ['/redistribute failed with the error "operation_timeout"', 'U0ANA'],
    ]);
  });

  it('sends an event again when it is not acknowledged, with the same event_id', async () => {
    const socket = await connect();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    workspace.say('U0ANA', 'dist-north', 'hello');
    const first = await socket.next('events_api');
    vi.advanceTimersByTime(3000);
    await vi.advanceTimersByTimeAsync(0);
    const second = await socket.next('events_api', 2);
    expect(first).toMatchObject({ retry_attempt: 0, retry_reason: '' });
    expect(second).toMatchObject({ retry_attempt: 1, retry_reason: 'timeout', payload: first['payload'] });
  });

  it('gives the same envelope again as a retry when told to', async () => {
    const socket = await connect();
    workspace.misbehave({ kind: 'redeliver', times: 1 });
    const command = workspace.command('U0ANA', 'dist-north', '/redistribute');
    const [first, second] = [await socket.next('slash_commands'), await socket.next('slash_commands', 2)];
    expect(second).toEqual({ ...first, retry_attempt: 1, retry_reason: 'timeout' });
    socket.acknowledge(first, {});
    await command;
  });

  it('asks one socket to reconnect and gives it nothing more', async () => {
    const first = await connect();
    const second = await connect();
    workspace.misbehave({ kind: 'refresh' });
    expect(await first.next('disconnect')).toMatchObject({ reason: 'refresh_requested' });
    const command = workspace.command('U0ANA', 'dist-north', '/redistribute');
    second.acknowledge(await second.next('slash_commands'), {});
    await command;
    expect(workspace.connections).toBe(1);
  });

  it('takes ten sockets and turns the eleventh away', async () => {
    for (let count = 1; count <= 10; count += 1) await connect();
    const eleventh = await connect();
    expect(eleventh.frames).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
    expect(workspace.connections).toBe(10);
  });

  it('refuses a socket without a ticket', async () => {
    const socket = new WebSocket(workspace.url.replace('http', 'ws'));
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('401');
  });
});
