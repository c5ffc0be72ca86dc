import type { CrossFault } from './faults.ts';
import { at, isSection, itemsAt, membersAt, type Entry } from './raw-data.ts';
import { suggestWord } from '../domain/suggest.ts';

/** What the keys of `routing` say together (A14-A16). */
export function checkRouting(raw: unknown): readonly CrossFault[] {
  const rules = itemsAt(raw, ['routing', 'rules']);
  const buildings = membersAt(raw, ['routing', 'buildings']);
  const regions = membersAt(raw, ['routing', 'regions']);
  return [
    ...rules.flatMap((rule, index) => checkRule(rule, rules.slice(0, index))),
    ...buildings.flatMap((building) => checkBuilding(raw, building)),
    ...[...rules, ...buildings, ...regions].flatMap(checkSchedule),
  ];
}

function checkRule({ path, value }: Entry, before: readonly Entry[]): CrossFault[] {
  if (!isSection(value)) return [];
  const faults: CrossFault[] = [];
  if (value['channel'] === undefined && value['hold'] === undefined) {
    faults.push({ path, message: 'says nothing', hint: 'Give it a channel, a hold schedule, or both.' });
  }
  if (before.some((rule) => isCatchAll(rule.value))) {
    const hint = 'A rule above fits every ticket and has no continue: true. Move it to the end.';
    faults.push({ path, message: 'can never be reached', hint });
  }
  return faults;
}

function isCatchAll(rule: unknown): boolean {
  const match = at(rule, ['match']);
  const fitsAll = match === undefined || (isSection(match) && Object.keys(match).length === 0);
  return isSection(rule) && fitsAll && rule['continue'] !== true;
}

function checkBuilding(raw: unknown, { path, value }: Entry): CrossFault[] {
  const members = membersAt(raw, ['routing', 'buildings']);
  const names = members.map(({ name }) => name);
  const unknown = itemsAt(raw, [...path, 'nearest'])
    .filter((item) => !names.some((name) => name.toLowerCase() === String(item.value).toLowerCase()))
    .map((item): CrossFault => {
      const meant = suggestWord(String(item.value), names);
      const hint = meant === null ? `Known here: ${names.join(', ')}.` : `Did you mean ${meant}?`;
      return { path: item.path, message: 'is no building of routing.buildings', hint };
    });
  if (!isSection(value)) return unknown;
  const faults = [...unknown];
  if ((value['lat'] === undefined) !== (value['lon'] === undefined)) {
    faults.push({ path, message: 'has only half of its position', hint: 'Give both lat and lon.' });
  }
  if (value['staffed'] === true && value['channel'] === undefined) {
    faults.push({ path, message: 'is staffed but has no channel', hint: 'Write channel: maint-b3.' });
  }
  return faults;
}

const keysOf: Readonly<Record<string, readonly string[]>> = {
  shift: ['shifts'],
  day: ['at'],
  week: ['at', 'on'],
};

/** A schedule's times fit its kind. */
function checkSchedule({ path, value }: Entry): CrossFault[] {
  const hold = at(value, ['hold']);
  const every = at(hold, ['every']);
  if (!isSection(hold) || typeof every !== 'string') return [];
  const allowed = keysOf[every] ?? [];
  const wrong = ['shifts', 'at', 'on'].filter((key) => hold[key] !== undefined && !allowed.includes(key));
  const faults = wrong.map((key) => ({
    path: [...path, 'hold', key],
    message: `does not belong to every: ${every}`,
    hint: `There it is ${allowed.join(' and ')}.`,
  }));
  const shifts = itemsAt(value, ['hold', 'shifts']);
  if (every === 'shift' && shifts.length === 0) {
    const hint = 'Write for instance shifts: [06:00, 14:00, 22:00].';
    faults.push({ path: [...path, 'hold'], message: 'names no shifts', hint });
  }
  return faults;
}
