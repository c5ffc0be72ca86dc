import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { slashCommands } from '../../src/adapters/slack/listeners.ts';

/** The parts of Slack's schema for manifests that ours uses, with its limits; nothing else is allowed. */
const shape = z.strictObject({
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().regex(/^\/[a-z-]{1,31}$/),
        description: z.string().max(2000),
        usage_hint: z.string().min(1).max(1000),
        should_escape: z.boolean(),
      }),
    ),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.strictObject({
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.literal(true),
    token_rotation_enabled: z.literal(false),
  }),
});

const manifest = shape.parse(
  parse(readFileSync(new URL('../../manifests/slack-app.yaml', import.meta.url), 'utf8')),
);

/** What Slack asks for each method that the app calls (https://docs.slack.dev/reference/methods). */
const scopesByMethod: Readonly<Record<string, string[]>> = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.list': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  'users.info': ['users:read'],
  'usergroups.users.list': ['usergroups:read'],
  'slash commands': ['commands'],
};

describe("the Slack app's manifest", () => {
  test('has the commands that the app answers', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([...slashCommands]);
  });

  test.each(Object.entries(scopesByMethod))('asks for what %s needs', (_, scopes) => {
    expect(manifest.oauth_config.scopes.bot).toEqual(expect.arrayContaining(scopes));
  });

  test('asks for no scope twice, and for none that would let it read or act as a person', () => {
    const { bot } = manifest.oauth_config.scopes;
    expect(new Set(bot).size).toBe(bot.length);
    expect(bot.filter((scope) => /^(admin|search|chat:write\.customize)/.test(scope))).toEqual([]);
  });
});
