import type { WebApi } from './web-api/api.ts';
import { Arguments } from './web-api/call.ts';

/** As `fetch`, for a client's calls: a form with the token as Bearer. */
export type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Creates a `fetch` that calls the Web API in this process: no call is late because the machine is busy. What is not a form
 * for the API goes over HTTP.
 */
export function createInProcessFetch(api: WebApi, apiUrl: string, now: () => Date): Fetch {
  return async (url, init = {}) => {
    const { body, headers } = init;
    const isForm = typeof body === 'string' || body instanceof URLSearchParams;
    if (typeof url !== 'string' || !url.startsWith(apiUrl) || !isForm) return fetch(url, init);
    const token = /^Bearer (.+)$/i.exec(new Headers(headers).get('authorization') ?? '')?.[1] ?? '';
    const args = new Arguments(Object.fromEntries(new URLSearchParams(body)));
    const reply = await api.call(url.slice(apiUrl.length), token, args);
    if (typeof reply === 'string') throw new TypeError(`fetch failed: the reply is ${reply}`);
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    return new Response(text, {
      status: reply.status,
      headers: { ...reply.headers, date: now().toUTCString() },
    });
  };
}
