import type { ChatMessage } from '../../domain/chat.ts';
import { ChatError } from '../../domain/chat.ts';
import { connectionError, platformError, statusError } from './failures.ts';
import { parseRecord } from './record.ts';

const respondTimeoutMs = 10_000;

/** What only the person who asked sees, as the answer to a command or through its response_url. */
export function ephemeral(message: ChatMessage): Record<string, unknown> {
  return {
    response_type: 'ephemeral',
    text: message.text,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
  };
}

/**
 * Posts to a response_url, once (5 uses within 30 minutes are Slack's limit). Errors are `ChatError`s.
 * The address must be https, or on the API's own host, so that a forged one leads nowhere else in the clear.
 */
export async function respondTo(
  responseUrl: string,
  message: ChatMessage,
  { apiUrl, replaces }: { readonly apiUrl: string; readonly replaces: boolean },
): Promise<void> {
  const url = URL.canParse(responseUrl) ? new URL(responseUrl) : null;
  if (url === null || (url.protocol !== 'https:' && url.origin !== new URL(apiUrl).origin)) {
    throw new ChatError('refused', 'response_url: not an address of Slack');
  }
  const { status, body } = await postJson(url, { ...ephemeral(message), replace_original: replaces });
  if (status !== 200) throw statusError('response_url', status);
  // Slack answers `ok` as plain text, or JSON.
  const { ok, error } = parseRecord(body);
  if (ok === false) throw platformError('response_url', error);
}

async function postJson(url: URL, payload: object): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(payload),
      redirect: 'error',
      signal: AbortSignal.timeout(respondTimeoutMs),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    throw connectionError('response_url', error);
  }
}
