import type { PostedMessage } from '../../demo/workspace/workspace.ts';

/** What the server and the workspace show after a redistribution. */
export interface Shown {
  /** Of all commands. */
  readonly names: readonly string[];
  /** A line for each effect that a command had. */
  readonly marks: readonly string[];
  /** Of the channel. */
  readonly messages: readonly Pick<PostedMessage, 'threadTs' | 'text' | 'blocks' | 'ephemeralFor'>[];
}

/** All that differs from this: each command had its effect once, and one message says that all have succeeded. */
export function judgeRuns({ names, marks, messages }: Shown): readonly string[] {
  const proposals = messages.filter(
    ({ threadTs, blocks, ephemeralFor }) =>
      threadTs === null && ephemeralFor === null && JSON.stringify(blocks).includes('"Redistribution on '),
  );
  const [message] = proposals;
  const said = JSON.stringify(message?.blocks ?? []);
  const ending = `${names.length} succeeded · 0 failed`;
  const isEnded = said.includes(':white_check_mark: *Done*') && said.includes(`*Recipients*  ${ending}`);
  return [
    ...names.flatMap((name) => {
      const times = marks.filter((line) => line === name).length;
      return times === 1 ? [] : [`${name} had its effect ${times} times`];
    }),
    ...(proposals.length === 1 ? [] : [`there are ${proposals.length} messages about one redistribution`]),
    ...(isEnded || !message
      ? []
      : [`its message does not say that it is done (${ending}): ${said.slice(0, 400)}`]),
  ];
}
