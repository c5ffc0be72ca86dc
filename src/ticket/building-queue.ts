import type { BuildingQueue } from '../domain/ticket-policy.ts';

type StaffedBuilding = BuildingQueue & { readonly channel: string };

export type QueueChoice =
  | {
      readonly queue: StaffedBuilding;
      readonly reason: 'building-queue' | 'next-staffed-in-list' | 'nearest-staffed-building';
    }
  | {
      readonly queue: null;
      readonly reason: 'no-staffed-building' | 'building-not-configured' | 'building-not-known';
    };

/**
 * The queue of a device's building (A16). Where that building has no service staff, the first staffed one of its
 * `nearest` list; where the list names none, the staffed building that is nearest by its coordinates.
 */
export function chooseQueue(building: string | null, buildings: readonly BuildingQueue[]): QueueChoice {
  if (building === null) return { queue: null, reason: 'building-not-known' };
  const own = findBuilding(building, buildings);
  if (!own) return { queue: null, reason: 'building-not-configured' };
  if (isStaffed(own)) return { queue: own, reason: 'building-queue' };
  const listed = own.nearest
    .map((name) => findBuilding(name, buildings))
    .find((one) => one !== null && isStaffed(one));
  if (listed) return { queue: listed, reason: 'next-staffed-in-list' };
  const nearest = own.nearest.length === 0 ? nearestTo(own, buildings) : null;
  return nearest
    ? { queue: nearest, reason: 'nearest-staffed-building' }
    : { queue: null, reason: 'no-staffed-building' };
}

function findBuilding(name: string, buildings: readonly BuildingQueue[]): BuildingQueue | null {
  return buildings.find((one) => one.name.toLowerCase() === name.trim().toLowerCase()) ?? null;
}

function isStaffed(building: BuildingQueue): building is StaffedBuilding {
  return building.staffed && building.channel !== null;
}

function nearestTo(from: BuildingQueue, buildings: readonly BuildingQueue[]): StaffedBuilding | null {
  const { position } = from;
  if (!position) return null;
  const distances = buildings.flatMap((one) =>
    isStaffed(one) && one.position ? [{ one, distance: arcBetween(position, one.position) }] : [],
  );
  return distances.toSorted((a, b) => a.distance - b.distance)[0]?.one ?? null;
}

type Position = NonNullable<BuildingQueue['position']>;

/** The haversine formula, as the angle at the centre of the earth. */
function arcBetween(a: Position, b: Position): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (degrees: number) => Math.sin(rad(degrees) / 2) ** 2;
  const h = half(b.lat - a.lat) + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * half(b.lon - a.lon);
  return 2 * Math.asin(Math.min(1, Math.sqrt(h)));
}
