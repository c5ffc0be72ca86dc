import { setTimeout as delay } from 'node:timers/promises';
import type { App, Receiver } from '@slack/bolt';
import type { Log } from '../../domain/log.ts';
import type { ChatHealth } from '../../domain/chat.ts';
import type { Reach } from './reach.ts';
import { Slot } from './slot.ts';
import { type Envelope, openSocket, type SocketOptions } from './socket.ts';

/** Handlers finish well within Slack's three seconds; one that does not is not waited for longer than this. */
const drainTimeoutMs = 10_000;

/**
 * Bolt's receiver over several sockets, so that Slack has another one while it refreshes the first. Each envelope's
 * id is in the listeners' context as `deliveryKey`. Stopping takes nothing new, lets what is in flight finish and
 * acknowledge, and then closes the sockets; envelopes that come meanwhile stay unacknowledged.
 */
export class SocketsReceiver implements Receiver {
  readonly #slots: readonly Slot[];
  readonly #log: Log;
  readonly #inFlight = new Set<Promise<void>>();
  #app: App | null = null;
  #taking = false;

  constructor(count: number, options: SocketOptions, reach: Reach) {
    this.#log = options.log;
    const open = () => openSocket(options, (envelope) => this.#take(envelope));
    this.#slots = Array.from({ length: count }, () => new Slot(open, options.log, reach));
  }

  init(app: App): void {
    this.#app = app;
  }

  /** Resolves when every socket is open, or with why one could not be opened at first; it is tried again. */
  async start(): Promise<Error | null> {
    this.#taking = true;
    for (const slot of this.#slots) slot.start();
    const failures = await Promise.all(this.#slots.map((slot) => slot.first));
    return failures.find((failure) => failure !== null) ?? null;
  }

  health(): Pick<ChatHealth, 'sockets' | 'clicksBlockedBy'> {
    const slots = this.#slots.map((slot) => slot.health);
    const open = slots.filter(({ isOpen }) => isOpen).length;
    const counted = Math.max(-1, ...slots.map((slot) => slot.counted ?? -1));
    const trouble = slots.find((slot) => slot.trouble !== null)?.trouble ?? null;
    return {
      sockets: { wanted: slots.length, open, counted: counted < 0 ? null : counted },
      clicksBlockedBy: open > 0 ? null : trouble,
    };
  }

  async stop(): Promise<void> {
    this.#taking = false;
    await this.#drain();
    await Promise.all(this.#slots.map((slot) => slot.stop()));
  }

  async #drain(): Promise<void> {
    if (this.#inFlight.size === 0) return;
    const timer = new AbortController();
    const late = delay(drainTimeoutMs, 'late' as const, { signal: timer.signal }).catch(
      () => 'drained' as const,
    );
    const drained = Promise.allSettled(this.#inFlight).then(() => 'drained' as const);
    const outcome = await Promise.race([drained, late]);
    timer.abort();
    if (outcome === 'late')
      this.#log.warn({ left: this.#inFlight.size }, 'stopping before all slack handlers ended');
  }

  #take(envelope: Envelope): void {
    if (!this.#taking) {
      this.#log.info({ deliveryKey: envelope.id }, 'stopping: slack envelope left unacknowledged');
      return;
    }
    const processing = this.#process(envelope).finally(() => this.#inFlight.delete(processing));
    this.#inFlight.add(processing);
  }

  /** Never rejects. What no listener acknowledged is acknowledged here, or Slack would send it again for nothing. */
  async #process(envelope: Envelope): Promise<void> {
    const { id, body, retryNum, retryReason } = envelope;
    let acknowledged = false;
    const ack = async (response?: unknown): Promise<void> => {
      acknowledged = true;
      await envelope.ack(response);
    };
    const retry = {
      ...(retryNum !== undefined && { retryNum }),
      ...(retryReason !== undefined && { retryReason }),
    };
    try {
      await this.#app?.processEvent({ body, ack, customProperties: { deliveryKey: id }, ...retry });
      if (!acknowledged) await ack();
    } catch (error) {
      this.#log.warn({ error, deliveryKey: id, type: body['type'] }, 'slack envelope could not be processed');
      if (!acknowledged) await ack().catch(() => undefined);
    }
  }
}
