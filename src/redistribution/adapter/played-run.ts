import type { RecipientResult } from '../../domain/redistribution.ts';

/** What lines of Ansible's default callback have said of one run. */
export interface PlayedRun {
  /** Names of its plays, a batch of `serial` each. */
  readonly plays: string[];
  /** Whether it was a trial (`--check`), as far as its lines are marked. */
  isTrial: boolean;
  /** Whether a play ended before its end for all of its hosts. */
  broke: boolean;
  /** Hosts of each play, with the number of the last task in which they stand. */
  readonly seen: Map<string, number>[];
  /** Number of the task that is under way, over all plays; of the last of each play that is no handler. */
  task: number;
  readonly lastTasks: number[];
  taskName: string;
  readonly causes: Map<string, string>;
  /** Tasks by host; `null` before the recap. */
  recap: Map<string, Tally> | null;
}

interface Tally {
  readonly failures: number;
  readonly rescued: number;
}

const heading = /^(PLAY|TASK|RUNNING HANDLER) \[(.*?)\]( \[CHECK MODE\])? ?\*+$/;
const outcome = /^(ok|changed|skipping|fatal|failed|included|rescued): \[([^\]]+?)(?: -> [^\]]*)?\](.*)$/;
const recapLine = /^(\S+)\s+: ok=\d+\s+changed=\d+\s+unreachable=(\d+)\s+failed=(\d+)(?:\s.*?rescued=(\d+))?/;

export function beginPlayedRun(): PlayedRun {
  return {
    plays: [],
    isTrial: false,
    broke: false,
    seen: [],
    task: 0,
    lastTasks: [],
    taskName: '',
    causes: new Map(),
    recap: null,
  };
}

/** Adds a line, as it was printed. What is not known is left out: modules print anything. */
export function readPlayLine(run: PlayedRun, text: string): void {
  const [, kind, name = '', mark] = heading.exec(text) ?? [];
  if (mark !== undefined) run.isTrial = true;
  if (kind === 'PLAY') {
    run.plays.push(name);
    run.seen.push(new Map());
    run.lastTasks.push(0);
  } else if (kind !== undefined) {
    run.task += 1;
    run.taskName = name;
    if (kind === 'TASK') run.lastTasks[run.lastTasks.length - 1] = run.task;
  } else if (text.startsWith('NO MORE HOSTS LEFT')) run.broke = true;
  else if (text.startsWith('PLAY RECAP')) run.recap ??= new Map();
  else if (run.recap) addTally(run.recap, text);
  else addOutcome(run, text);
}

function addTally(recap: Map<string, Tally>, text: string): void {
  const [, host, unreachable, failed, rescued = '0'] = recapLine.exec(text) ?? [];
  if (host === undefined) return;
  recap.set(host, { failures: Number(unreachable) + Number(failed), rescued: Number(rescued) });
}

function addOutcome(run: PlayedRun, text: string): void {
  const [, word, host, rest = ''] = outcome.exec(text) ?? [];
  if (host === undefined) return;
  run.seen.at(-1)?.set(host, run.task);
  if (word === 'fatal' || word === 'failed')
    run.causes.set(host, `${run.taskName}: ${explain(rest)}`.slice(0, 200));
}

/** `: FAILED! => {"msg": …}` in words. */
function explain(rest: string): string {
  const how = rest.includes('UNREACHABLE!') ? 'unreachable' : 'failed';
  const at = rest.indexOf('=> ');
  const words = at === -1 ? '' : readMessage(rest.slice(at + 3));
  return words === '' ? how : `${how}: ${words}`;
}

/** Modules print what they like: one line of it. */
function readMessage(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.replaceAll(/\p{C}+/gu, ' ').trim();
  }
  if (typeof value !== 'object' || value === null) return '';
  const { msg, stderr, stdout } = value as Readonly<Record<string, unknown>>;
  const said = [msg, stderr, stdout].filter((one): one is string => typeof one === 'string' && one !== '');
  return said
    .join(' | ')
    .replaceAll(/\p{C}+/gu, ' ')
    .trim();
}

/**
 * Returns what became of each host that the run names (B8). One has succeeded only if it came to the end of every play that
 * concerns it, which the recap alone does not tell: after a failure, one that does not stand in the last task of its play may
 * have been left behind. `isSure`: a trial would be marked as one.
 */
export function resultsOf(run: PlayedRun, isSure: boolean): RecipientResult[] {
  const hosts = new Set([...run.seen.flatMap((play) => [...play.keys()]), ...(run.recap?.keys() ?? [])]);
  return [...hosts].map((name) => {
    const result = resultOf(run, name);
    return result.result === 'succeeded' && !isSure ? { name, result: 'unknown', cause: maybeTrial } : result;
  });
}

function resultOf(run: PlayedRun, name: string): RecipientResult {
  const { recap, causes } = run;
  const tally = recap?.get(name);
  if (recap === null || !tally) return { name, result: 'unknown', cause: 'the run has no recap' };
  if (tally.failures > 0) {
    return { name, result: 'failed', cause: causes.get(name) ?? 'failed, as the recap says' };
  }
  if ([...recap.values()].some(({ failures }) => failures > 0) || run.broke) {
    const last = run.seen.findLastIndex((play) => play.has(name));
    const isInBroken = run.broke && last === run.seen.length - 1;
    if (isInBroken) return { name, result: 'failed', cause: notReached };
    if (run.broke || run.seen[last]?.get(name) !== run.lastTasks[last]) {
      return { name, result: 'unknown', cause: unclear };
    }
  }
  return { name, result: 'succeeded', cause: tally.rescued > 0 ? rescued : null };
}

export const notReached = 'not reached: the run ended before this host came to the end of its plays';
const unclear = 'the log does not say whether this host came to the end of its plays';
export const rescued = 'rescued: a task failed, and the playbook made up for it';
/** The cause of who has succeeded, unless the run was a trial. */
export const maybeTrial =
  'its log does not tell a run from a trial with --check: set check_mode_markers in ansible.cfg';
