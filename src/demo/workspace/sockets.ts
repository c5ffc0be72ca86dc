import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SocketFault } from './faults.ts';
import { parseJsonObject } from './http.ts';
import { Signal } from './signal.ts';
import { appId } from './state.ts';

/** Slack's own words for a command or click that the app did not take. */
export type DeliveryFailure = 'dispatch_failed' | 'operation_timeout';

export class DeliveryError extends Error {
  readonly code: DeliveryFailure;

  constructor(code: DeliveryFailure) {
    super(
      code === 'dispatch_failed'
        ? 'dispatch_failed: the app has no open socket'
        : `operation_timeout: the app did not acknowledge within ${ackTimeoutMs} ms`,
    );
    this.code = code;
  }
}

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

interface Envelope {
  readonly id: string;
  readonly type: EnvelopeType;
  readonly payload: object;
}

interface Waiting {
  resolve(payload: unknown): void;
  reject(error: Error): void;
}

const ackTimeoutMs = 3000;
const pingIntervalMs = 5000;
/** How long a socket may take to close by itself: after a request to reconnect, and at the end of all. */
const closeGraceMs = { afterRefresh: 10_000, atEnd: 200 };
const maxSockets = 10;
/** Slack sends an unacknowledged event again at once, after a minute and after five. */
const eventRetryDelaysMs = [0, 60_000, 300_000];

/** The Socket Mode side: each envelope goes to one socket in turn and waits for its acknowledgement. */
export class SocketHub {
  readonly counts = new Signal<number>();
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #pings: NodeJS.Timeout;
  /** Those that take envelopes; the next one in turn is first. */
  #open: WebSocket[] = [];
  /** Half-open ones: still counted and sent to, as Slack can't know. */
  readonly #frozen = new Set<WebSocket>();
  #ghosts = 0;
  #turn = 0;
  #repeats = 0;
  #closed = false;

  constructor() {
    this.#pings = setInterval(() => {
      for (const socket of this.#live()) socket.ping();
    }, pingIntervalMs);
  }

  get connections(): number {
    return this.#open.length;
  }

  /** A ticket opens one socket. */
  issueTicket(): string {
    const ticket = randomBytes(16).toString('hex');
    this.#tickets.add(ticket);
    return ticket;
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (!this.#tickets.delete(searchParams.get('ticket') ?? '')) {
      stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#greet(socket));
  }

  /** Delivers a command or an interaction; resolves with the payload of its acknowledgement, else a `DeliveryError`. */
  async deliver(type: EnvelopeType, payload: object, attempt = 0): Promise<unknown> {
    const envelope = { id: randomUUID(), type, payload };
    const repeats = this.#repeats;
    this.#repeats = 0;
    const acknowledged = this.#awaitAck(envelope.id);
    this.#send(envelope, attempt);
    for (let repeat = 1; repeat <= repeats; repeat += 1) this.#send(envelope, attempt + repeat);
    return acknowledged;
  }

  /** Delivers an event, again and again as Slack does, until it is acknowledged or Slack gives up. */
  deliverEvent(payload: object, attempt = 0): void {
    this.deliver('events_api', payload, attempt).catch(() => {
      const delayMs = eventRetryDelaysMs[attempt];
      if (delayMs !== undefined && !this.#closed) {
        this.#later(delayMs, () => this.deliverEvent(payload, attempt + 1));
      }
    });
  }

  misbehave(fault: SocketFault): void {
    switch (fault.kind) {
      case 'refresh':
        return this.#disconnect(this.#open.slice(0, 1), 'refresh_requested');
      case 'disconnect':
        return this.#disconnect(this.#live(), fault.reason);
      case 'redeliver':
        this.#repeats = fault.times;
        return;
      case 'drop-sockets':
        return this.dropAll();
      case 'half-open':
        return this.#freeze();
      case 'ghosts':
        this.#ghosts = fault.count;
        return;
      case 'frame':
        for (const socket of this.#live()) {
          socket.send(fault.encoding === 'text' ? fault.data : Buffer.from(fault.data, 'base64'));
        }
    }
  }

  /** Ends what `misbehave` began. */
  heal(): void {
    this.#repeats = 0;
    this.#ghosts = 0;
    for (const socket of this.#frozen) socket.resume();
    this.#frozen.clear();
  }

  dropAll(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#pings);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const waiting of this.#waiting.values()) waiting.reject(new DeliveryError('dispatch_failed'));
    for (const socket of this.#server.clients) socket.close(1001);
    const reluctant = setTimeout(() => this.dropAll(), closeGraceMs.atEnd);
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
    clearTimeout(reluctant);
  }

  #live(): readonly WebSocket[] {
    return this.#open.filter((socket) => !this.#frozen.has(socket));
  }

  /** As Slack asks every few hours: the sockets get no envelope after that. */
  #disconnect(sockets: readonly WebSocket[], reason: string): void {
    for (const socket of sockets) {
      this.#retire(socket);
      socket.send(disconnectFrame(reason));
      this.#later(closeGraceMs.afterRefresh, () => socket.terminate());
    }
  }

  #freeze(): void {
    for (const socket of this.#live()) {
      socket.pause();
      this.#frozen.add(socket);
    }
  }

  #greet(socket: WebSocket): void {
    socket.on('error', () => socket.terminate());
    if (this.#open.length + this.#ghosts >= maxSockets) {
      socket.send(disconnectFrame('too_many_websockets'));
      socket.close();
      return;
    }
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.#acknowledge(data);
    });
    socket.on('close', () => this.#retire(socket));
    this.#open.push(socket);
    const connectionInfo = { app_id: appId };
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#open.length + this.#ghosts,
        connection_info: connectionInfo,
        debug_info: { host: 'workspace', build_number: 1, approximate_connection_time: 18_060 },
      }),
    );
    this.counts.emit(this.#open.length);
  }

  #retire(socket: WebSocket): void {
    if (!this.#open.includes(socket)) return;
    this.#open = this.#open.filter((other) => other !== socket);
    this.counts.emit(this.#open.length);
  }

  #send({ id, type, payload }: Envelope, attempt: number): void {
    this.#turn = (this.#turn + 1) % Math.max(1, this.#open.length + this.#ghosts);
    if (this.#turn < this.#ghosts) return;
    const socket = this.#open.shift();
    if (!socket) {
      this.#waiting.get(id)?.reject(new DeliveryError('dispatch_failed'));
      return;
    }
    this.#open.push(socket);
    if (this.#frozen.has(socket)) return;
    const frame = {
      envelope_id: id,
      type,
      payload,
      accepts_response_payload: type !== 'events_api',
      retry_attempt: attempt,
      retry_reason: attempt === 0 ? '' : 'timeout',
    };
    socket.send(JSON.stringify(frame));
  }

  #awaitAck(id: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#waiting.delete(id);
        clearTimeout(timer);
        this.#timers.delete(timer);
      };
      const fail = (error: Error) => {
        settle();
        reject(error);
      };
      const timer = this.#later(ackTimeoutMs, () => fail(new DeliveryError('operation_timeout')));
      this.#waiting.set(id, {
        reject: fail,
        resolve: (payload) => {
          settle();
          resolve(payload);
        },
      });
    });
  }

  /** An unknown id is an acknowledgement that came too late, or a second one: Slack ignores both. */
  #acknowledge(frame: Buffer): void {
    const ack = parseJsonObject(frame);
    const id = ack?.['envelope_id'];
    if (ack && typeof id === 'string') this.#waiting.get(id)?.resolve(ack['payload']);
  }

  #later(delayMs: number, run: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
    return timer;
  }
}

function disconnectFrame(reason: string): string {
  return JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'workspace' } });
}
