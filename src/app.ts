import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startControl } from './adapters/control/control.ts';
import { createImapIntake } from './adapters/imap/imap-intake.ts';
import { createCsvInventory } from './adapters/inventory/csv-inventory.ts';
import { digestOf, readMime } from './adapters/mime/read-mime.ts';
import { createProber } from './adapters/ping/prober.ts';
import type { Database } from './adapters/postgres/database.ts';
import { openPglite, openPostgres } from './adapters/postgres/database.ts';
import { createStore } from './adapters/postgres/store.ts';
import { createQueue } from './adapters/queue/queue.ts';
import { createSlack } from './adapters/slack/slack.ts';
import type { SmtpIntake } from './adapters/smtp/smtp-intake.ts';
import { createSmtpIntake } from './adapters/smtp/smtp-intake.ts';
import { createServerAccess } from './adapters/ssh/server-access.ts';
import { compileFormats } from './alert/formats.ts';
import { shippedFormats } from './alert/shipped-formats.ts';
import type { Config, Secrets } from './config/config.ts';
import type { LoadedConfig } from './config/load-config.ts';
import type { Clock } from './domain/clock.ts';
import type { Inventory } from './domain/device.ts';
import type { Prober } from './domain/diagnosis.ts';
import { RestageError } from './domain/errors.ts';
import type { Door, Intake } from './domain/intake.ts';
import type { Log } from './domain/log.ts';
import type { RawMail } from './domain/mail.ts';
import { admit } from './workflows/admit.ts';
import type { Deps, InspectionDeps, Policies } from './workflows/deps.ts';
import { handleClick } from './workflows/handle-click.ts';
import { handleSubmission } from './workflows/handle-submission.ts';
import { handleCommand } from './workflows/handle-command.ts';
import { operate } from './workflows/operations.ts';
import { createWorkers } from './workflows/workers.ts';

/** What a demo or a test may put in the place of the outside world. */
export interface Outside {
  readonly log: Log;
  readonly clock?: Clock;
  readonly prober?: Prober;
}

export interface App {
  readonly deps: Deps;
  /** Port of the bot's own SMTP listener; null where the config has none. */
  smtpPort(): number | null;
  /** Connects to Slack, takes up what was left undone, and only then lets mail in. */
  start(): Promise<void>;
  /** Lets mail out first and the database last; work that can't be finished is taken up at the next start. */
  stop(): Promise<void>;
}

/** Builds the bot from its config: adapters, then workflows. On failure what was opened is closed again. */
export async function createApp({ config, secrets }: LoadedConfig, outside: Outside): Promise<App> {
  const { log, clock = systemClock } = outside;
  const closing = createClosingList(log);
  try {
    const database = await openDatabase(config, secrets);
    closing.add(() => database.close());
    const queue = await createQueue(database.executeSql, log);
    closing.add(() => queue.stop());
    const prober = outside.prober ?? (await createProber({ log, timeoutMs: config.diagnosis.timeoutMs }));
    closing.add(() => prober.close());
    const servers = createServerAccess({ log });
    closing.add(() => servers.close());
    const slack = openSlack(config, secrets, log, clock);
    const store = createStore(database, queue);
    const inventory = await openInventory(config, log);
    const policies = readPolicies(config);
    const deps = {
      store,
      clock,
      log,
      inventory,
      prober,
      chat: slack,
      servers,
      policies,
      ...mailReading,
      newId,
    };
    const workers = createWorkers(deps);
    const intakes = openIntakes(config, secrets, deps);
    log.info({ database: database.description, diagnostics: prober.means }, 'restage is ready to start');
    return {
      deps,
      smtpPort: () => intakes.find(isSmtp)?.port ?? null,
      async start() {
        closing.add(() => workers.stop());
        await workers.start(queue);
        closing.add(() => slack.stop());
        await slack.start({
          onCommand: (command) => handleCommand(deps, command),
          onClick: (click) => handleClick(deps, click),
          onSubmit: (submission) => handleSubmission(deps, submission),
        });
        const control = await startControl(config.control.socket, ({ operation, input }) =>
          operate(deps, operation, input),
        );
        closing.add(() => control.stop());
        for (const intake of intakes) {
          closing.add(() => intake.stop());
          await intake.start();
        }
      },
      stop: () => closing.closeAll(),
    };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

/** What `restage explain` and `restage audit` need when no bot runs: the database, and probes. */
export async function openForInspection(
  { config, secrets }: LoadedConfig,
  { log }: Pick<Outside, 'log'>,
): Promise<{ readonly deps: InspectionDeps; close(): Promise<void> }> {
  const closing = createClosingList(log);
  const database = await openDatabase(config, secrets);
  closing.add(() => database.close());
  const prober = await createProber({ log, timeoutMs: config.diagnosis.timeoutMs });
  closing.add(() => prober.close());
  const noQueue = { enqueue: () => Promise.reject(new Error('no bot is running')), wake: () => {} };
  const deps: InspectionDeps = {
    store: createStore(database, noQueue),
    clock: systemClock,
    log,
    inventory: await openInventory(config, log),
    prober,
    policies: readPolicies(config),
    ...mailReading,
  };
  return { deps, close: () => closing.closeAll() };
}

const systemClock: Clock = { now: () => new Date() };
const mailReading = { readMime, keyOf: (raw: RawMail) => digestOf(raw.source) };
const newId = () => randomBytes(8).toString('hex');

/** Everything that is opened is put on this list, and closed in reverse. */
function createClosingList(log: Log) {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close: () => Promise<void>) => void closers.push(close),
    async closeAll(): Promise<void> {
      for (const close of closers.splice(0).toReversed()) {
        await close().catch((error: unknown) => log.warn({ error: String(error) }, 'not closed cleanly'));
      }
    },
  };
}

function openDatabase(config: Config, secrets: Secrets): Promise<Database> {
  const { databaseUrl } = secrets;
  return databaseUrl ? openPostgres(databaseUrl.reveal()) : openPglite(config.database.dataDir);
}

/** The policies in the forms that the pure folders take. */
function readPolicies(config: Config): Policies {
  const formats = config.formats.flatMap((format) =>
    typeof format === 'string' ? (shippedFormats[format] ?? []) : format,
  );
  return {
    timeZone: config.timeZone,
    validation: config.validation,
    formats: compileFormats(formats, config.failures),
    thresholds: config.thresholds,
    diagnosis: config.diagnosis,
    routing: config.routing,
    delivery: config.delivery,
    approval: config.approval,
    servers: new Map(config.servers.map((server) => [server.name, server])),
  };
}

/** The devices that the config names; none without an inventory. */
export async function openInventory(config: Config, log: Log): Promise<Inventory> {
  const { csv } = config.inventory;
  return csv ? createCsvInventory({ file: csv, log }) : { find: () => null, all: () => [] };
}

function openSlack(config: Config, secrets: Secrets, log: Log, clock: Clock) {
  const token = (name: 'slackBotToken' | 'slackAppToken', variable: string) => () => {
    const secret = secrets[name];
    if (!secret) throw new RestageError('config-invalid', `Set ${variable} in the environment.`);
    return secret.reveal();
  };
  return createSlack({
    botToken: token('slackBotToken', 'SLACK_BOT_TOKEN'),
    appToken: token('slackAppToken', 'SLACK_APP_TOKEN'),
    apiUrl: config.slack.apiUrl,
    sockets: config.slack.sockets,
    log,
    clock,
  });
}

function openIntakes(config: Config, secrets: Secrets, deps: Deps): readonly Intake[] {
  const { log, clock } = deps;
  const door: Door = {
    admit: (mails, cursor) => admit(deps, mails, cursor),
    cursorOf: (mailbox) => deps.store.transaction((tx) => tx.cursorOf(mailbox)),
  };
  const mailboxes = config.intake.imap.map(({ tlsCaFile, ...mailbox }) =>
    createImapIntake({
      ...mailbox,
      ...(tlsCaFile ? { tlsCa: readFileSync(tlsCaFile, 'utf8') } : {}),
      password: () => secrets.imapPasswords.get(mailbox.name)?.reveal() ?? '',
      door,
      log,
      clock,
    }),
  );
  const { smtp } = config.intake;
  if (!smtp) return mailboxes;
  return [...mailboxes, createSmtpIntake({ ...smtp, maxBytes: smtp.maxSizeBytes, door, log, clock })];
}

function isSmtp(intake: Intake): intake is SmtpIntake {
  return 'port' in intake;
}
