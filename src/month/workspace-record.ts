import type { PostedMessage, Workspace } from '../demo/workspace/workspace.ts';

/** A message as it stood from that time on. */
export interface SeenMessage {
  readonly at: Date;
  readonly message: PostedMessage;
}

/** Notes every message and edit in the workspace, with the time at which it was made. */
export function recordWorkspace(workspace: Workspace, now: () => Date): readonly SeenMessage[] {
  const seen: SeenMessage[] = [];
  workspace.on('change', (change) => {
    if (change.kind === 'message') seen.push({ at: now(), message: change.message });
  });
  return seen;
}
