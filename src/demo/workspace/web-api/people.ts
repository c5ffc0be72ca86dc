import { botUserId, botId, type WorkspaceState } from '../state.ts';
import { ApiError, type Methods, paginate } from './call.ts';
import { findMessage } from './chat.ts';
import { findChannel, requireOpen } from './find-channel.ts';
import { toApiUser } from './shapes.ts';

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly users: readonly string[];
}

/** Who is who: `auth.test`, `users.*`, `usergroups.*`; and what people think of a message: `reactions.add`. */
export function peopleMethods(state: WorkspaceState, userGroups: readonly UserGroup[], url: string): Methods {
  return {
    'auth.test': () => ({
      url: `${url}/`,
      team: state.team.name,
      team_id: state.team.id,
      user: state.users.get(botUserId)?.name,
      user_id: botUserId,
      bot_id: botId,
      is_enterprise_install: false,
    }),
    'users.info': (args) => {
      const user = state.users.get(args.text('user'));
      if (!user) throw new ApiError('user_not_found');
      return { user: toApiUser(state, user) };
    },
    'users.list': (args) => {
      const { page, nextCursor } = paginate([...state.users.values()], args, 200);
      return {
        members: page.map((user) => toApiUser(state, user)),
        response_metadata: { next_cursor: nextCursor },
      };
    },
    'users.lookupByEmail': (args) => {
      const email = args.text('email').toLowerCase();
      const user = [...state.users.values()].find((one) => one.email?.toLowerCase() === email);
      if (!user || user.isDeactivated) throw new ApiError('users_not_found');
      return { user: toApiUser(state, user) };
    },
    'usergroups.users.list': (args) => {
      const group = userGroups.find((one) => one.id === args.text('usergroup'));
      if (!group) throw new ApiError('no_such_subteam');
      const all = args.flag('include_disabled');
      return { users: group.users.filter((id) => all || !state.users.get(id)?.isDeactivated) };
    },
    'reactions.add': (args) => {
      requireOpen(findChannel(state, args), 'is_archived');
      const message = findMessage(state, args, 'timestamp');
      const name = args.text('name');
      if (!/^[a-z0-9_+:'-]+$/.test(name)) throw new ApiError('invalid_name');
      if (!state.react(message, name, botUserId)) throw new ApiError('already_reacted');
      return {};
    },
  };
}
