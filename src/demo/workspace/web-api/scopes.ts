import type { AppManifest } from '../manifest.ts';
import type { Conversation } from '../model.ts';
import type { WorkspaceState } from '../state.ts';
import { ApiError, type Arguments } from './call.ts';

/** One scope, or the last word of a scope that depends on the kind of conversation (`channels:read`, `im:read`). */
type Need = { readonly scope: string } | { readonly ofConversation: 'history' | 'read' } | null;

/** https://docs.slack.dev/reference/methods: what each method needs of the bot token; null for nothing. */
const needs: Readonly<Record<string, Need>> = {
  'auth.test': null,
  'blocks.validate': null,
  'chat.postMessage': { scope: 'chat:write' },
  'chat.postEphemeral': { scope: 'chat:write' },
  'chat.update': { scope: 'chat:write' },
  'chat.delete': { scope: 'chat:write' },
  'chat.getPermalink': null,
  'conversations.history': { ofConversation: 'history' },
  'conversations.replies': { ofConversation: 'history' },
  'conversations.info': { ofConversation: 'read' },
  'conversations.members': { ofConversation: 'read' },
  'conversations.list': { ofConversation: 'read' },
  'conversations.join': { scope: 'channels:join' },
  'conversations.open': { scope: 'im:write' },
  'users.info': { scope: 'users:read' },
  'users.list': { scope: 'users:read' },
  'users.lookupByEmail': { scope: 'users:read.email' },
  'usergroups.users.list': { scope: 'usergroups:read' },
  'reactions.add': { scope: 'reactions:write' },
  'views.open': null,
  'views.push': null,
  'views.update': null,
  'views.publish': null,
  'files.getUploadURLExternal': { scope: 'files:write' },
  'files.completeUploadExternal': { scope: 'files:write' },
};

/** By `types` of conversations.list. */
const kinds: Readonly<Record<string, string>> = {
  public_channel: 'channels',
  private_channel: 'groups',
  im: 'im',
  mpim: 'mpim',
};

/** @throws ApiError `missing_scope`, with what is needed and what there is, as in Slack's answer. */
export function requireScopes(
  method: string,
  args: Arguments,
  { app, byId }: Pick<WorkspaceState, 'app' | 'byId'>,
): void {
  const needed = neededScopes(method, args, byId);
  const missing = needed.filter((scope) => !app.scopes.has(scope));
  if (missing.length === 0) return;
  throw new ApiError('missing_scope', [], {
    needed: missing.join(','),
    provided: [...app.scopes].join(','),
  });
}

/** The headers by which Slack tells what a token may do, and what the method would take. */
export function scopeHeaders(method: string, app: AppManifest): Readonly<Record<string, string>> {
  const need = needs[method];
  const accepted =
    need && 'ofConversation' in need
      ? Object.values(kinds).map((kind) => `${kind}:${need.ofConversation}`)
      : need
        ? [need.scope]
        : [];
  return { 'X-OAuth-Scopes': [...app.scopes].join(','), 'X-Accepted-OAuth-Scopes': accepted.join(',') };
}

function neededScopes(
  method: string,
  args: Arguments,
  byId: (id: string) => Conversation | null,
): readonly string[] {
  const need = needs[method] ?? null;
  if (need === null) return [];
  if ('scope' in need) return [need.scope];
  if (method === 'conversations.list') {
    const types = (args.text('types') || 'public_channel').split(/\s*,\s*/);
    return types.flatMap((type) => (kinds[type] ? [`${kinds[type]}:${need.ofConversation}`] : []));
  }
  const conversation = byId(args.text('channel'));
  return conversation ? [`${kindOf(conversation)}:${need.ofConversation}`] : [];
}

function kindOf({ dmWith, isPrivate }: Conversation): string {
  if (dmWith !== null) return 'im';
  return isPrivate ? 'groups' : 'channels';
}
