import type { Secrets } from './config.ts';
import type { ConfigFault } from './faults.ts';
import { Secret } from './secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface SecretsResult {
  readonly secrets: Secrets;
  readonly faults: readonly ConfigFault[];
}

/**
 * Takes the secrets from the environment. With `required`, a missing token or password is a fault; a secret
 * that can't be right is one in any case. Values are never quoted.
 */
export function readSecrets(
  env: Environment,
  mailboxes: readonly string[],
  httpSources: readonly string[],
  required: boolean,
): SecretsResult {
  const faults: ConfigFault[] = [];
  const take = (variable: string, rule: SecretRule): Secret | null => {
    const value = env[variable]?.trim() ?? '';
    const missing = value === '' && required && rule.needed;
    if (missing) faults.push(describeFault(variable, 'is not set', rule.hint));
    if (value !== '' && !rule.form.test(value))
      faults.push(describeFault(variable, 'does not look right', rule.hint));
    return value === '' ? null : new Secret(value);
  };
  const imapPasswords = new Map<string, Secret>();
  for (const mailbox of mailboxes) {
    const password = take(variableOf('IMAP', mailbox, 'PASSWORD'), {
      needed: true,
      form: /./,
      hint: `Put the password of the mailbox ${mailbox} there.`,
    });
    if (password !== null) imapPasswords.set(mailbox, password);
  }
  const httpTokens = new Map<string, Secret>();
  for (const source of httpSources) {
    const token = take(variableOf('HTTP', source, 'TOKEN'), {
      needed: true,
      form: /^\S{16,}$/,
      hint: `Put a token of at least 16 characters for the source ${source} there, such as openssl rand -hex 24 gives.`,
    });
    if (token !== null) httpTokens.set(source, token);
  }
  const secrets = {
    databaseUrl: take('DATABASE_URL', databaseUrl),
    slackBotToken: take('SLACK_BOT_TOKEN', botToken),
    slackAppToken: take('SLACK_APP_TOKEN', appToken),
    inventoryToken: take('RESTAGE_INVENTORY_TOKEN', inventoryToken),
    inventoryDatabaseUrl: take('RESTAGE_INVENTORY_DATABASE_URL', sourceDatabaseUrl),
    outagesDatabaseUrl: take('RESTAGE_OUTAGES_DATABASE_URL', sourceDatabaseUrl),
    imapPasswords,
    httpTokens,
  };
  return { secrets, faults };
}

/** `RESTAGE_IMAP_ALERTS_PASSWORD` for the mailbox `alerts`, `RESTAGE_HTTP_OPS_TOKEN` for the source `ops`. */
function variableOf(kind: 'IMAP' | 'HTTP', name: string, what: 'PASSWORD' | 'TOKEN'): string {
  return `RESTAGE_${kind}_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_${what}`;
}

interface SecretRule {
  readonly needed: boolean;
  readonly form: RegExp;
  readonly hint: string;
}

const databaseUrl: SecretRule = {
  needed: false,
  form: /^postgres(ql)?:\/\/\S+$/,
  hint: 'Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, or unset it to use the embedded database.',
};

const inventoryToken: SecretRule = {
  needed: false,
  form: /^\S+$/,
  hint: 'Put the token for inventory.url there, without the word Bearer.',
};

const sourceDatabaseUrl: SecretRule = {
  needed: false,
  form: /^postgres(ql)?:\/\/\S+$/,
  hint: 'Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, the database that the query in sql is for.',
};

const botToken: SecretRule = {
  needed: true,
  form: /^(?!xapp-)\S+$/,
  hint: "Copy the bot token (xoxb-…) from the Slack app's page OAuth & Permissions.",
};

const appToken: SecretRule = {
  needed: true,
  form: /^(?!xox)\S+$/,
  hint: "Create an app-level token (xapp-…) with connections:write on the Slack app's page Basic Information.",
};

function describeFault(variable: string, message: string, hint: string): ConfigFault {
  return { file: 'environment', line: null, column: null, key: variable, message, hint };
}
