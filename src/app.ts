import { randomBytes } from 'node:crypto';
import { createChartPainter } from './adapters/chart/chart.ts';
import { createRelayMailer } from './adapters/mail/relay-mailer.ts';
import { digestOf } from './adapters/mime/mail-key.ts';
import type { SearchedMail } from './alert/formats.ts';
import type { Findings } from './alert/search-formats.ts';
import { createPatternSearch } from './adapters/mime/pattern-search.ts';
import { createMimeReader } from './adapters/mime/read-mime.ts';
import { createProber } from './adapters/ping/prober.ts';
import type { Database } from './adapters/postgres/database.ts';
import { logAbsence } from './adapters/postgres/log-absence.ts';
import { openPglite, openPostgres } from './adapters/postgres/database.ts';
import { followDatabaseTime, injectTime, type StoreTime } from './adapters/postgres/store-time.ts';
import { createStore } from './adapters/postgres/store.ts';
import { createProbeMailer } from './adapters/probe-mail/probe-mailer.ts';
import { createQueue } from './adapters/queue/queue.ts';
import { createReaderProcess } from './adapters/reader/reader-process.ts';
import { createSlack } from './adapters/slack/slack.ts';
import { createServerAccess } from './adapters/ssh/server-access.ts';
import { createStart } from './app/cancellable-start.ts';
import { type ClosingList, createClosingList } from './app/closing-list.ts';
import { openHealth } from './app/open-health.ts';
import { openIntakes, portOf } from './app/open-intakes.ts';
import { followSources, openInventory, snapshotIn } from './app/open-sources.ts';
import { createPatience, type Patience } from './app/patience.ts';
import { declaredFormats, readPolicies } from './app/policies.ts';
import type { ReaderSetting } from './app/read-apart.ts';
import type { SearchSetting } from './app/search-apart.ts';
import { startAll } from './app/start-all.ts';
import type { Config, Secrets } from './config/config.ts';
import type { LoadedConfig } from './config/load-config.ts';
import type { Clock } from './domain/clock.ts';
import type { Prober } from './domain/diagnosis.ts';
import { RestageError } from './domain/errors.ts';
import type { Intake } from './domain/intake.ts';
import { indexInventory } from './domain/inventory-index.ts';
import type { Inventory } from './domain/device.ts';
import type { ClockReading } from './domain/server-clock.ts';
import type { Log } from './domain/log.ts';
import type { Deps, InspectionDeps } from './workflows/deps.ts';
import { createProgress } from './workflows/health/progress.ts';
import { watchCounting } from './workflows/health/watch-store.ts';
import type { ReadMail } from './workflows/intake/read-mail.ts';
import { createSuspicion } from './workflows/intake/suspicion.ts';
import { noteClock } from './workflows/redistribution/read-clock.ts';
import { createWorkers } from './workflows/workers.ts';

/** What a demo or a test may put in the place of the outside world. */
export interface Outside {
  readonly log: Log;
  readonly clock?: Clock;
  readonly prober?: Prober;
  /** Ends the wait for a database that is away at the start. */
  readonly signal?: AbortSignal;
}

export interface App {
  readonly deps: Deps;
  /** Does at once what has fallen due, as a demo does that moves its clock. */
  takeUp(): Promise<void>;
  /** Port of the bot's own SMTP listener; null where the config has none. */
  smtpPort(): number | null;
  /** Port of the bot's own HTTP listener; null where the config has none. */
  httpPort(): number | null;
  /** Port of the health listener. */
  healthPort(): number;
  /**
   * Takes up what was left undone, lets mail in, and joins Slack, which may be away: then it goes on trying. Rejects with
   * `config-invalid` when Slack refuses a token and this bot has never posted.
   */
  start(): Promise<void>;
  /**
   * Lets mail out first and the database last; work that can't be finished is taken up at the next start. A start that
   * is under way goes no step further.
   */
  stop(): Promise<void>;
}

/**
 * Builds the bot from its config: adapters, then workflows. Waits for a PostgreSQL server that is away. On failure what was
 * opened is closed again.
 */
export async function createApp({ config, secrets }: LoadedConfig, outside: Outside): Promise<App> {
  const { log } = outside;
  const closing = createClosingList(log);
  const starting = createStart();
  const patience = createPatience(log, outside.signal);
  try {
    const { database, time, queue } = await openData({ config, secrets }, outside, { closing, patience });
    const { clock } = time;
    const slack = openSlack({ config, secrets }, { log, clock }, outside.clock);
    const progress = createProgress();
    const store = watchCounting(createStore(database, queue, time), progress);
    const network = await openNetwork(config, { ...outside, clock, store }, closing);
    const devices = await openInventory({ config, secrets }, snapshotIn(store, clock, patience), log);
    const inventory = devices ?? indexInventory([]);
    const intakes: Intake[] = [];
    const deps = {
      store,
      clock,
      log,
      inventory,
      ...network,
      chat: slack,
      ...openOutlets(config),
      policies: readPolicies(config),
      ...openReading(config, inventory, closing),
      suspicion: createSuspicion({ store, clock, log, newId }),
      intakeHealth: () => intakes.map((intake) => intake.health()),
      progress,
      newId,
    };
    const workers = createWorkers(deps);
    const sources = followSources(deps, devices, { config, secrets });
    const health = openHealth(config, deps, database);
    intakes.push(...openIntakes(config, secrets, deps, health));
    log.info(
      { database: database.description, diagnostics: network.prober.means },
      'restage is ready to start',
    );
    return {
      deps,
      takeUp: () => workers.takeUp(),
      smtpPort: () => portOf(intakes, 'smtp'),
      httpPort: () => portOf(intakes, 'http'),
      healthPort: () => health.listener.port,
      start: starting.run((steps) =>
        startAll({ closing, config, deps, patience, workers, queue, slack, sources, intakes, health }, steps),
      ),
      async stop() {
        patience.end();
        await starting.cancel();
        await closing.closeAll();
      },
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
  try {
    const database = await openDatabase(config, secrets, log);
    closing.add(() => database.close());
    const time = await openTime(database, { log }, closing);
    const prober = await createProber({ log, timeoutMs: config.diagnosis.timeoutMs });
    closing.add(() => prober.close());
    const noQueue = { enqueue: () => Promise.reject(new Error('no bot is running')), wake: () => {} };
    const store = createStore(database, noQueue, time);
    const devices = await openInventory(
      { config, secrets },
      snapshotIn(store, time.clock, { attempt: (step) => step() }),
      log,
    );
    const inventory = devices ?? indexInventory([]);
    const deps: InspectionDeps = {
      store,
      clock: time.clock,
      log,
      inventory,
      ...openReading(config, inventory, closing),
      prober,
      policies: readPolicies(config),
    };
    return { deps, close: () => closing.closeAll() };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

/** What reaches devices and distribution servers. */
async function openNetwork(
  { diagnosis }: Config,
  { log, prober, clock, store }: Pick<Outside, 'log' | 'prober'> & Pick<Deps, 'clock' | 'store'>,
  closing: ClosingList,
) {
  const opened = prober ?? (await createProber({ log, timeoutMs: diagnosis.timeoutMs }));
  closing.add(() => opened.close());
  const onClock = (server: string, reading: ClockReading) => void noteClock({ store, log }, server, reading);
  const servers = createServerAccess({ log, clock, onClock });
  closing.add(() => servers.close());
  return { prober: opened, servers };
}

/** What goes out otherwise than by Slack. */
function openOutlets({ ticket }: Config) {
  const mailer = ticket.email && createRelayMailer(ticket.email.relay);
  return { mailer, charts: createChartPainter(), probeMailer: createProbeMailer() };
}

/** As `npm run build` leaves it. */
const readerProgram = new URL('./app/read-apart.js', import.meta.url);
const searchProgram = new URL('./app/search-apart.js', import.meta.url);

function openReading(config: Config, inventory: Inventory, closing: ClosingList) {
  const setting = (): ReaderSetting => ({ config, devices: inventory.all() });
  const reader = createReaderProcess<ReadMail | null>({ program: readerProgram, setting });
  closing.add(() => reader.close());
  const mime = createMimeReader();
  closing.add(() => mime.close());
  const searching: SearchSetting = { formats: declaredFormats(config), failures: config.failures };
  const patterns = createPatternSearch<SearchedMail, Findings>(searchProgram, searching);
  closing.add(() => patterns.close());
  const { openMail, readMime } = mime;
  const stopReading = () => {
    mime.stop();
    patterns.stop();
  };
  const searchApart = (mail: SearchedMail) => patterns.search(mail);
  return { openMail, readMime, searchApart, stopReading, digestOf, carefulReader: reader };
}

/** Opens the database, its time and the queue in it, each as soon as the database is there. */
async function openData(
  { config, secrets }: Pick<LoadedConfig, 'config' | 'secrets'>,
  outside: Outside,
  { closing, patience }: { readonly closing: ClosingList; readonly patience: Patience },
) {
  const { log } = outside;
  const database = await patience.attempt(() => openDatabase(config, secrets, log));
  closing.add(() => database.close());
  const time = await patience.attempt(() => openTime(database, outside, closing));
  const queue = await patience.attempt(() => createQueue(database, log));
  closing.add(() => queue.stop());
  return { database, time, queue };
}

const newId = () => randomBytes(8).toString('hex');

async function openDatabase(config: Config, { databaseUrl }: Secrets, log: Log): Promise<Database> {
  if (databaseUrl) return logAbsence(await openPostgres(databaseUrl.reveal()), log);
  return logAbsence(await openPglite(config.database.dataDir, log), log);
}

/** The database's time; a demo or a test that moves its clock brings its own. */
async function openTime(
  { executeSql }: Database,
  { clock, log }: Pick<Outside, 'clock' | 'log'>,
  closing: ClosingList,
): Promise<StoreTime> {
  const time = clock ? injectTime(clock) : await followDatabaseTime(executeSql, log);
  closing.add(async () => time.close());
  return time;
}

/** Where a demo or a test moves the clock, Slack's time passes by that. */
function openSlack(
  { config, secrets }: Pick<LoadedConfig, 'config' | 'secrets'>,
  { log, clock }: Required<Pick<Outside, 'log' | 'clock'>>,
  moved: Clock | undefined,
) {
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
    ...(moved && { elapsedMs: () => moved.now().getTime() }),
  });
}
