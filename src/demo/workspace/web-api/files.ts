import { isRecord } from '../record.ts';
import type { FileStore } from '../files.ts';
import { limits } from '../limits.ts';
import type { UploadedFile } from '../model.ts';
import { botUserId, type WorkspaceState } from '../state.ts';
import { ApiError, type Arguments, type Methods } from './call.ts';
import { findChannel, requireMembership, requireOpen } from './find-channel.ts';

/** The three steps of an upload but the middle one, which is a plain POST to the address given here. */
export function fileMethods(state: WorkspaceState, files: FileStore, uploadUrl: string): Methods {
  return {
    'files.getUploadURLExternal': (args) => {
      const name = args.text('filename');
      if (name === '' || args.integer('length', 0) < 1) throw new ApiError('invalid_arguments');
      const altText = args.text('alt_text') || args.text('alt_txt');
      if (altText.length > limits.fileAltText) throw new ApiError('alt_txt_too_large');
      const id = files.reserve(name, altText);
      return { upload_url: `${uploadUrl}/${id}`, file_id: id };
    },
    'files.completeUploadExternal': (args) => {
      const uploaded = readFiles(files, args);
      if (args.has('channel_id')) shareFiles(state, uploaded, args);
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
    files.complete(id);
    return { id, name, title, altText, size: content.length };
  });
}

/** A thread that is not there makes a message at top level, as in Slack. */
function shareFiles(state: WorkspaceState, files: readonly UploadedFile[], args: Arguments): void {
  const channel = requireOpen(findChannel(state, args, 'channel_id'), 'is_archived');
  requireMembership(channel);
  const parent = state.message(channel.id, args.text('thread_ts'));
  state.post({
    channel: channel.id,
    userId: botUserId,
    text: args.text('initial_comment'),
    threadTs: parent ? (parent.threadTs ?? parent.ts) : null,
    files,
  });
}
