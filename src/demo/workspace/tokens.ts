import { randomBytes, randomUUID } from 'node:crypto';
import { ApiError } from './web-api/call.ts';

const triggerLifeMs = 3000;
const responseLifeMs = 30 * 60_000;
const responseUses = 5;

/** The three-second permissions to open a modal that come with a command or a click; each opens one. */
export class Triggers {
  readonly #issued = new Map<
    string,
    { readonly userId: string; readonly expiresAt: number; used: boolean }
  >();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  issue(userId: string): string {
    const id = `${Date.now()}.${randomBytes(8).toString('hex')}`;
    this.#issued.set(id, { userId, expiresAt: this.#now().getTime() + triggerLifeMs, used: false });
    return id;
  }

  /** The person it was issued for; an `ApiError` when it is unknown, used or late. */
  redeem(id: string): string {
    const trigger = this.#issued.get(id);
    if (!trigger) throw new ApiError('invalid_trigger_id');
    if (trigger.used) throw new ApiError('exchanged_trigger_id');
    if (this.#now().getTime() > trigger.expiresAt) throw new ApiError('expired_trigger_id');
    trigger.used = true;
    return trigger.userId;
  }
}

/** Where an answer sent to a response_url goes. */
export interface ResponseContext {
  readonly userId: string;
  readonly channel: string;
  readonly threadTs: string | null;
  /** The message that was clicked; null for a command. */
  readonly messageTs: string | null;
}

/** The addresses that come with a command or a click: five answers within thirty minutes. */
export class ResponseUrls {
  readonly #issued = new Map<
    string,
    { readonly context: ResponseContext; readonly expiresAt: number; left: number }
  >();
  readonly #base: string;
  readonly #now: () => Date;

  constructor(base: string, now: () => Date) {
    this.#base = base;
    this.#now = now;
  }

  issue(context: ResponseContext): string {
    const id = randomUUID();
    const expiresAt = this.#now().getTime() + responseLifeMs;
    this.#issued.set(id, { context, expiresAt, left: responseUses });
    return `${this.#base}/${id}`;
  }

  /** Counts one use; an `ApiError` when it is unknown, late or used up. */
  redeem(id: string): ResponseContext {
    const issued = this.#issued.get(id);
    if (!issued || this.#now().getTime() > issued.expiresAt) throw new ApiError('expired_url');
    if (issued.left === 0) throw new ApiError('used_url');
    issued.left -= 1;
    return issued.context;
  }
}
