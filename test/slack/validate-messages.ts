import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry, Payload } from '../messages/catalogue/entry.ts';

export interface Validation {
  readonly token: string;
  /** Ends with a slash: `https://slack.com/api/`. */
  readonly apiUrl: string;
  readonly print: (line: string) => void;
  /** Waits for so many ms, as Slack asks for by `Retry-After`. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

export interface ValidationSums {
  readonly passed: number;
  readonly failed: number;
}

/** These are about what was sent; every other error is about the token or the workspace. */
const refusals: ReadonlySet<string> = new Set(['invalid_blocks', 'invalid_view', 'invalid_arguments']);
/** Waited where a 429 names no time, in seconds. */
const defaultWaitS = 30;

/**
 * Sends what the entries render to Slack's `blocks.validate`, equal payloads once, and prints a line for each that Slack
 * refuses.
 *
 * @throws Error if Slack does not judge at all: it takes the token for nothing, or answers with another status than 200 or 429.
 * @see https://docs.slack.dev/reference/methods/blocks.validate
 */
export async function validateMessages(
  entries: readonly Entry[],
  validation: Validation,
): Promise<ValidationSums> {
  const judged = new Set<string>();
  const sums = { passed: 0, failed: 0 };
  for (const { title, payloads } of entries) {
    for (const payload of payloads()) {
      const form = toForm(payload);
      if (judged.has(form)) continue;
      judged.add(form);
      const refusal = await askSlack(form, validation);
      sums[refusal === null ? 'passed' : 'failed'] += 1;
      if (refusal !== null) validation.print(`${title}: ${refusal}`);
    }
  }
  return sums;
}

function toForm(payload: Payload): string {
  const content =
    'view' in payload
      ? { view: JSON.stringify(payload.view) }
      : { blocks: JSON.stringify(payload.message.blocks) };
  return new URLSearchParams(content).toString();
}

interface Answer {
  readonly ok: boolean;
  readonly error?: string;
  readonly errors?: readonly string[];
  readonly response_metadata?: { readonly messages?: readonly string[] };
}

/** Returns Slack's words for why it refuses the payload; `null` if it takes it. */
async function askSlack(form: string, { token, apiUrl, wait = sleep }: Validation): Promise<string | null> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const request = { method: 'POST', headers, body: form };
  for (;;) {
    const response = await fetchAgain(`${apiUrl}blocks.validate`, request, 3);
    if (response.status === 429) {
      await response.body?.cancel();
      await wait(waitOf(response) * 1000);
      continue;
    }
    if (!response.ok) throw new Error(`Slack answered blocks.validate with status ${response.status}.`);
    return readAnswer((await response.json()) as Answer);
  }
}

/** Tries again what got no reply, such as on a kept connection that the server closed: validating changes nothing. */
async function fetchAgain(url: string, request: RequestInit, tries: number): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (tries <= 1) throw error;
    return fetchAgain(url, request, tries - 1);
  }
}

/** In seconds. */
function waitOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? defaultWaitS);
  return seconds > 0 && seconds <= 3_600 ? seconds : defaultWaitS;
}

function readAnswer({
  ok,
  error = 'no error code',
  errors,
  response_metadata: metadata,
}: Answer): string | null {
  if (ok) return null;
  if (!refusals.has(error)) {
    throw new Error(
      `Slack does not judge with this token: ${error}. Take the bot token of an app of your own.`,
    );
  }
  return [error, ...(errors ?? metadata?.messages ?? [])].join(' ');
}
