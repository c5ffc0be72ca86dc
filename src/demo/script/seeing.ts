import type { PostedMessage, Workspace } from '../workspace/workspace.ts';

export function topLevel(messages: readonly PostedMessage[]): readonly PostedMessage[] {
  return messages.filter(
    (one) => one.ephemeralFor === null && (one.threadTs === null || one.threadTs === one.ts),
  );
}

export function waitForText(workspace: Workspace, ts: string, text: string): Promise<PostedMessage> {
  return workspace.waitFor(
    () => workspace.messages('maint-eu').find((one) => one.ts === ts && shows(one, text)),
    `"${text}" in the message`,
    20_000,
  );
}

export function shows(message: PostedMessage, text: string): boolean {
  return message.text.includes(text) || JSON.stringify(message.blocks).includes(text);
}

export function hasButton(message: PostedMessage, actionId: string): boolean {
  return JSON.stringify(message.blocks).includes(`"${actionId}"`);
}

export function firstLine(message: PostedMessage): string {
  return message.text.split('\n')[0] ?? '';
}
