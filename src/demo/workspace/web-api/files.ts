import { isRecord } from '../checks.ts';
import type { FileStore } from '../files.ts';
import type { UploadedFile } from '../model.ts';
import { botUserId, type WorkspaceState } from '../state.ts';
import { ApiError, type Arguments, type Methods } from './call.ts';
import { requireMembership } from './chat.ts';

/** The three steps of an upload but the middle one, which is a plain POST to the address given here. */
export function fileMethods(state: WorkspaceState, files: FileStore, uploadUrl: string): Methods {
  return {
    'files.getUploadURLExternal': (args) => {
      const name = args.text('filename');
      if (name === '' || args.integer('length', 0) < 1) throw new ApiError('invalid_arguments');
      const id = files.reserve(name, args.text('alt_text'));
      return { upload_url: `${uploadUrl}/${id}`, file_id: id };
    },
    'files.completeUploadExternal': (args) => {
      const uploaded = readFiles(files, args);
      const reference = args.text('channel_id');
      if (reference !== '') shareFiles(state, reference, uploaded, args);
      return { files: uploaded };
    },
  };
}

function readFiles(files: FileStore, args: Arguments): readonly UploadedFile[] {
  const named = args.json('files', 'invalid_arguments');
  if (!Array.isArray(named) || named.length === 0) throw new ApiError('invalid_arguments');
  return named.map((one: unknown) => {
    const id = isRecord(one) ? String(one['id']) : '';
    const file = files.get(id);
    if (!file) throw new ApiError('file_not_found');
    const title = isRecord(one) && typeof one['title'] === 'string' ? one['title'] : file.name;
    const { name, altText, content } = file;
    return { id, name, title, altText, size: content.length };
  });
}

function shareFiles(
  state: WorkspaceState,
  reference: string,
  files: readonly UploadedFile[],
  args: Arguments,
): void {
  const channel = state.findConversation(reference);
  if (!channel) throw new ApiError('channel_not_found');
  requireMembership(channel);
  state.post({
    channel: channel.id,
    userId: botUserId,
    text: args.text('initial_comment'),
    threadTs: args.text('thread_ts') || null,
    files,
  });
}
