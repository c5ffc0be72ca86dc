import type { PostedMessage, Workspace } from '../../src/demo/workspace/workspace.ts';

/** What everybody sees in a channel outside of threads, oldest first. */
export function topLevel(workspace: Workspace, channel: string): readonly PostedMessage[] {
  return workspace
    .messages(channel)
    .filter((one) => one.ephemeralFor === null && (one.threadTs === null || one.threadTs === one.ts));
}

/** Whether people can read this text in the message. */
export function shows(message: PostedMessage, text: string): boolean {
  return message.text.includes(text) || JSON.stringify(message.blocks).includes(text);
}

export function hasButton(message: PostedMessage, actionId: string): boolean {
  return JSON.stringify(message.blocks).includes(`"action_id":"${actionId}"`);
}

/** Resolves with the message once it shows the text. */
export function untilShows(
  workspace: Workspace,
  { channel, ts }: PostedMessage,
  text: string,
  timeoutMs = 20_000,
): Promise<PostedMessage> {
  const find = () => workspace.messages(channel).find((one) => one.ts === ts && shows(one, text));
  return workspace.waitFor(find, `"${text}" in the message ${ts}`, timeoutMs);
}

/** Resolves with the first reply in the message's thread that shows the text. */
export function untilThreadShows(
  workspace: Workspace,
  { channel, ts }: PostedMessage,
  text: string,
  timeoutMs = 20_000,
): Promise<PostedMessage> {
  const find = () =>
    workspace.messages(channel).find((one) => one.threadTs === ts && one.ts !== ts && shows(one, text));
  return workspace.waitFor(find, `"${text}" in the thread of ${ts}`, timeoutMs);
}
