import type { OpenView } from '../model.ts';
import type { WorkspaceState } from '../state.ts';
import type { Triggers } from '../tokens.ts';
import type { ViewStore } from '../views.ts';
import { ApiError, type Methods } from './call.ts';
import { toApiView } from './shapes.ts';

/** The `views.*` family: modals and Home tabs (https://docs.slack.dev/reference/methods?family=views). */
export function viewMethods(state: WorkspaceState, views: ViewStore, triggers: Triggers): Methods {
  const answer = (view: OpenView) => ({ view: toApiView(state, view) });
  return {
    'views.open': (args) =>
      answer(views.open(triggers.redeem(args.text('trigger_id')), args.record('view', 'invalid_arguments'))),
    'views.push': (args) => {
      const below = views.top(triggers.redeem(args.text('trigger_id')));
      if (!below) throw new ApiError('not_found');
      return answer(views.push(below, args.record('view', 'invalid_arguments')));
    },
    'views.update': (args) => {
      const view = views.find(args.text('view_id'), args.text('external_id'));
      return answer(views.update(view, args.record('view', 'invalid_arguments'), args.text('hash')));
    },
    'views.publish': (args) => {
      const person = args.text('user_id');
      if (!state.app.hasHomeTab) throw new ApiError('not_enabled');
      const user = state.users.get(person);
      if (!user || user.isBot || user.isDeactivated) throw new ApiError('user_not_found');
      return answer(views.publish(person, args.record('view', 'invalid_arguments'), args.text('hash')));
    },
  };
}
