import { parseDuration } from '../domain/duration.ts';
import type { CrossFault } from './faults.ts';
import { at, isSection, itemsAt, membersAt, type Entry } from './raw-data.ts';
import { suggestWord } from '../domain/suggest.ts';

/** Steps that reach nobody, and rules that lead nowhere (A19). Works on the raw data, as `crossCheck` does. */
export function checkPaging(raw: unknown): readonly CrossFault[] {
  return [...checkSchedules(raw), ...checkPolicies(raw), ...checkRules(raw)];
}

function checkSchedules(raw: unknown): readonly CrossFault[] {
  return membersAt(raw, ['onCall', 'schedules']).flatMap(({ path, name, value }): CrossFault[] => {
    const faults: CrossFault[] = [];
    if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) {
      faults.push({ path, message: "is no schedule's name", hint: 'Use letters, digits, dots and dashes.' });
    }
    const isRotation = at(value, ['rotation']) !== undefined;
    if (isSection(value) && isRotation === (at(value, ['userGroup']) !== undefined)) {
      const message = isRotation ? 'has both rotation and userGroup' : 'names nobody';
      faults.push({ path, message, hint: 'Write either rotation: { … } or userGroup: S….' });
    }
    const users = at(value, ['rotation', 'users']);
    if (Array.isArray(users) && users.length === 0) {
      const message = 'is empty: nobody is ever on call';
      faults.push({
        path: [...path, 'rotation', 'users'],
        message,
        hint: 'Name at least one Slack user id.',
      });
    }
    return faults;
  });
}

function checkPolicies(raw: unknown): readonly CrossFault[] {
  const schedules = membersAt(raw, ['onCall', 'schedules']).map(({ name }) => name);
  return membersAt(raw, ['paging', 'policies']).flatMap(({ path, value }): CrossFault[] => {
    const steps = itemsAt(value, ['steps']);
    const missing = Array.isArray(at(value, ['steps'])) && steps.length === 0;
    return [
      ...(missing ? [reachesNobody([...path, 'steps'])] : []),
      ...steps.flatMap((step) => checkStep(step.value, [...path, ...step.path], schedules)),
      ...steps.slice(1).flatMap((step, index) => checkOrder(steps[index]?.value, step, path)),
    ];
  });
}

function checkStep(
  step: unknown,
  path: readonly PropertyKey[],
  schedules: readonly string[],
): readonly CrossFault[] {
  if (!isSection(step)) return [];
  const targets = itemsAt(step, ['notify']);
  if (Array.isArray(step['notify']) && targets.length === 0) return [reachesNobody([...path, 'notify'])];
  return targets.flatMap(({ path: targetPath, value }): CrossFault[] => {
    if (typeof value !== 'string' || value.includes(':') || schedules.includes(value)) return [];
    return [unknown([...path, ...targetPath], `names no schedule (got "${value}")`, value, schedules)];
  });
}

/** Times count from the start of the page. */
function checkOrder(before: unknown, step: Entry, path: readonly PropertyKey[]): readonly CrossFault[] {
  const [earlier, later] = [afterOf(before), afterOf(step.value)];
  if (earlier === null || later === null || later > earlier) return [];
  return [
    {
      path: [...path, ...step.path, ...(at(step.value, ['after']) === undefined ? [] : ['after'])],
      message: 'is not later than the step before',
      hint: 'Count from the start of the page: after: 10m, then after: 20m.',
    },
  ];
}

function afterOf(step: unknown): number | null {
  const after = at(step, ['after']) ?? '0s';
  return typeof after === 'string' ? parseDuration(after) : null;
}

function checkRules(raw: unknown): readonly CrossFault[] {
  const policies = membersAt(raw, ['paging', 'policies']).map(({ name }) => name);
  return itemsAt(raw, ['paging', 'rules']).flatMap(({ path, value }): CrossFault[] => {
    const policy = at(value, ['policy']);
    if (typeof policy !== 'string' || policies.includes(policy)) return [];
    return [unknown([...path, 'policy'], `names no policy (got "${policy}")`, policy, policies)];
  });
}

function reachesNobody(path: readonly PropertyKey[]): CrossFault {
  return {
    path,
    message: 'reaches nobody',
    hint: 'Name a schedule, user:ID or channel:NAME.',
  };
}

function unknown(
  path: readonly PropertyKey[],
  message: string,
  typed: string,
  known: readonly string[],
): CrossFault {
  const meant = suggestWord(typed, known);
  const list = known.length === 0 ? 'There is none yet.' : `Known here: ${known.join(', ')}.`;
  return { path, message, hint: meant === null ? list : `Did you mean ${meant}?` };
}
