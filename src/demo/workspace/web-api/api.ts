import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkspaceState } from '../state.ts';
import type { FaultQueue, MethodFault } from '../faults.ts';
import type { LateEffects } from '../late-effects.ts';
import type { RateLimits } from '../rate-limits.ts';
import { Signal } from '../signal.ts';
import { checkArguments } from './arguments.ts';
import { ApiError, type Arguments, type Method, type Methods } from './call.ts';
import { requireScopes, scopeHeaders } from './scopes.ts';

/** One call that the workspace received, whether or not its reply arrived. */
export interface CallRecord {
  /** The Web API method, or `response_url`. */
  readonly method: string;
  readonly at: Date;
  /** It took effect. */
  readonly ok: boolean;
  readonly error: string | null;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | string;
}

/** `lost`: the connection is destroyed; `silent`: it stays open. */
export type NoReply = 'lost' | 'silent';

interface ApiOptions {
  readonly methods: Methods;
  readonly botToken: string;
  readonly appToken: string;
  readonly rateLimits: RateLimits | null;
  readonly faults: FaultQueue;
  readonly lateEffects: LateEffects;
  readonly state: WorkspaceState;
}

/** Takes each call through faults, token, scopes, rate limits and arguments to its method, and keeps the record. */
export class WebApi {
  readonly calls: CallRecord[] = [];
  readonly called = new Signal<CallRecord>();
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  async call(method: string, token: string, args: Arguments): Promise<Reply | NoReply> {
    const { rateLimits, state } = this.#options;
    const reply = await this.perform(method, () => {
      const run = this.#authorize(method, token);
      requireScopes(method, args, state);
      const retryAfterS = rateLimits?.take(method, args.text('channel')) ?? null;
      if (retryAfterS !== null) throw new RateLimitedError(retryAfterS);
      checkArguments(method, args.values);
      return run(args);
    });
    if (typeof reply === 'string') return reply;
    return { ...reply, headers: { ...scopeHeaders(method, state.app), ...reply.headers } };
  }

  /** Runs something that faults can hit by this name, and records how it went. */
  async perform(method: string, run: () => object): Promise<Reply | NoReply> {
    const { faults, lateEffects } = this.#options;
    lateEffects.settle();
    const fault = faults.take(method);
    if (fault?.kind === 'no-reply') return 'silent';
    if (fault?.kind === 'late-effect') {
      lateEffects.add(fault.ms, () => void this.#run(method, null, run));
      return 'lost';
    }
    if (fault?.kind === 'delay') await sleep(fault.ms);
    if (fault?.kind === 'double') this.#run(method, null, run);
    const reply = this.#run(method, fault, run);
    return fault?.kind === 'lose-reply' ? 'lost' : reply;
  }

  #run(method: string, fault: MethodFault | null, run: () => object): Reply {
    const reply = replyOf(fault, run);
    const error = errorIn(reply);
    const record = { method, at: this.#options.state.now(), ok: error === null, error };
    this.calls.push(record);
    this.called.emit(record);
    return reply;
  }

  #authorize(method: string, token: string): Method {
    const run = Object.hasOwn(this.#options.methods, method) ? this.#options.methods[method] : undefined;
    if (!run) throw new ApiError('unknown_method');
    if (token === '') throw new ApiError('not_authed');
    const { botToken, appToken } = this.#options;
    if (token !== botToken && token !== appToken) throw new ApiError('invalid_auth');
    const wanted = method === 'apps.connections.open' ? appToken : botToken;
    if (token !== wanted) throw new ApiError('not_allowed_token_type');
    return run;
  }
}

class RateLimitedError extends ApiError {
  readonly retryAfterS: number | string;

  constructor(retryAfterS: number | string) {
    super('ratelimited');
    this.retryAfterS = retryAfterS;
  }
}

function replyOf(fault: MethodFault | null, run: () => object): Reply {
  try {
    if (fault?.kind === 'rate-limit') throw new RateLimitedError(fault.retryAfterS);
    if (fault?.kind === 'error') throw new ApiError(fault.error);
    if (fault?.kind === 'status')
      return plainReply(fault.body ?? { ok: false, error: `http_${fault.status}` }, fault.status);
    return plainReply({ ok: true, ...run() });
  } catch (error) {
    if (error instanceof ApiError) return errorReply(error);
    throw error;
  }
}

/** Slack's code for what went wrong; null if nothing did. */
export function errorIn({ body, status }: Reply): string | null {
  if (typeof body === 'string') return `http_${status}`;
  return 'error' in body ? String(body.error) : null;
}

function plainReply(body: object | string, status = 200): Reply {
  return { status, headers: {}, body };
}

function errorReply(error: ApiError): Reply {
  const body = { ok: false, error: error.code, ...error.details };
  if (error instanceof RateLimitedError) {
    return { status: 429, headers: { 'Retry-After': String(error.retryAfterS) }, body };
  }
  if (error.messages.length === 0) return plainReply(body);
  return plainReply({ ...body, errors: error.messages, response_metadata: { messages: error.messages } });
}
