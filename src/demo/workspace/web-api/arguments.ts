import { ApiError } from './call.ts';

/** How an argument is written in a form. */
type Kind = 'text' | 'flag' | 'count' | 'json';

interface Signature {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const page = ['cursor', 'limit'];
const range = [...page, 'oldest', 'latest', 'inclusive', 'include_all_metadata'];
const content = ['text', 'blocks', 'attachments', 'metadata', 'parse', 'link_names'];
const posting = [...content, 'thread_ts', 'mrkdwn', 'unfurl_links', 'unfurl_media'];

/** https://docs.slack.dev/reference/methods. Slack passes over an argument that it does not know; here it is an error. */
const signatures: Readonly<Record<string, Signature>> = {
  'apps.connections.open': { required: [], optional: [] },
  'auth.test': { required: [], optional: [] },
  'blocks.validate': { required: [], optional: ['blocks', 'message', 'view'] },
  'chat.postMessage': { required: ['channel'], optional: posting },
  'chat.postEphemeral': { required: ['channel', 'user'], optional: [...content, 'thread_ts'] },
  'chat.update': { required: ['channel', 'ts'], optional: content },
  'chat.delete': { required: ['channel', 'ts'], optional: [] },
  'chat.getPermalink': { required: ['channel', 'message_ts'], optional: [] },
  'conversations.history': { required: ['channel'], optional: range },
  'conversations.replies': { required: ['channel', 'ts'], optional: range },
  'conversations.info': { required: ['channel'], optional: ['include_locale', 'include_num_members'] },
  'conversations.members': { required: ['channel'], optional: page },
  'conversations.list': { required: [], optional: [...page, 'types', 'exclude_archived'] },
  'conversations.join': { required: ['channel'], optional: [] },
  'conversations.open': { required: [], optional: ['channel', 'users', 'return_im'] },
  'users.info': { required: ['user'], optional: ['include_locale'] },
  'users.list': { required: [], optional: [...page, 'include_locale'] },
  'users.lookupByEmail': { required: ['email'], optional: [] },
  'usergroups.users.list': { required: ['usergroup'], optional: ['include_disabled'] },
  'reactions.add': { required: ['channel', 'name', 'timestamp'], optional: [] },
  'views.open': { required: ['trigger_id', 'view'], optional: [] },
  'views.push': { required: ['trigger_id', 'view'], optional: [] },
  'views.update': { required: ['view'], optional: ['view_id', 'external_id', 'hash'] },
  'views.publish': { required: ['user_id', 'view'], optional: ['hash'] },
  // `alt_text` is what @slack/web-api sends for Slack's `alt_txt`.
  'files.getUploadURLExternal': {
    required: ['filename', 'length'],
    optional: ['alt_text', 'alt_txt', 'snippet_type'],
  },
  'files.completeUploadExternal': {
    required: ['files'],
    optional: ['channel_id', 'thread_ts', 'initial_comment'],
  },
};

/** What is not named here is text. */
const kinds: Readonly<Record<string, Kind>> = {
  blocks: 'json',
  attachments: 'json',
  metadata: 'json',
  view: 'json',
  files: 'json',
  limit: 'count',
  length: 'count',
  link_names: 'flag',
  mrkdwn: 'flag',
  unfurl_links: 'flag',
  unfurl_media: 'flag',
  inclusive: 'flag',
  include_all_metadata: 'flag',
  include_locale: 'flag',
  include_num_members: 'flag',
  include_disabled: 'flag',
  exclude_archived: 'flag',
  return_im: 'flag',
};

/** Every method takes them; Bolt adds the team to each call. */
const everywhere: ReadonlySet<string> = new Set(['token', 'team_id']);

const flags: ReadonlySet<unknown> = new Set(['true', 'false', '1', '0', true, false]);

const isOfKind: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' || typeof value === 'number',
  flag: (value) => flags.has(value),
  count: (value) => value === '' || /^\d{1,9}$/.test(String(value)),
  // What is inside is for the method to read, which has its own error for it.
  json: () => true,
};

/** @throws ApiError `invalid_arguments` for what is missing, unknown or of another kind. */
export function checkArguments(method: string, values: Readonly<Record<string, unknown>>): void {
  const signature = Object.hasOwn(signatures, method) ? signatures[method] : undefined;
  const { required = [], optional = [] } = signature ?? {};
  const given = Object.keys(values).filter((name) => !everywhere.has(name) && values[name] !== undefined);
  const messages = [
    ...required
      .filter((name) => !given.includes(name))
      .map((name) => `[ERROR] missing required field: ${name}`),
    ...given.flatMap((name) => {
      if (!required.includes(name) && !optional.includes(name)) return [`[ERROR] unknown argument: ${name}`];
      const kind = kinds[name] ?? 'text';
      return isOfKind[kind](values[name])
        ? []
        : [`[ERROR] must provide a valid value [json-pointer:/${name}]`];
    }),
  ];
  if (messages.length > 0) throw new ApiError('invalid_arguments', messages);
}
