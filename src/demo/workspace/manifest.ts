import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isRecord } from './record.ts';

/** What the app may do, and what of it people can use: https://docs.slack.dev/reference/app-manifest. */
export interface AppManifest {
  /** Of the bot token. */
  readonly scopes: ReadonlySet<string>;
  /** With their slash. */
  readonly commands: ReadonlySet<string>;
  /** Of the bot, such as `message.channels`. */
  readonly events: ReadonlySet<string>;
  readonly hasHomeTab: boolean;
  readonly isInteractive: boolean;
}

/** @throws what `yaml` throws for a text that is no YAML. What the manifest leaves out, the app does not have. */
export function readManifest(yaml: string): AppManifest {
  const manifest: unknown = parse(yaml);
  const commands = valueAt(manifest, 'features', 'slash_commands');
  const names = (Array.isArray(commands) ? commands : []).map((one) => valueAt(one, 'command'));
  return {
    scopes: namesIn(valueAt(manifest, 'oauth_config', 'scopes', 'bot')),
    commands: namesIn(names),
    events: namesIn(valueAt(manifest, 'settings', 'event_subscriptions', 'bot_events')),
    hasHomeTab: valueAt(manifest, 'features', 'app_home', 'home_tab_enabled') === true,
    isInteractive: valueAt(manifest, 'settings', 'interactivity', 'is_enabled') === true,
  };
}

/** The manifest that the package ships; its root is three folders above both in src/ and in dist/. */
export function readShippedManifest(): AppManifest {
  return readManifest(readFileSync(new URL('../../../manifests/slack-app.yaml', import.meta.url), 'utf8'));
}

function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inside, name) => (isRecord(inside) ? inside[name] : undefined), value);
}

function namesIn(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
}
