import type { Device } from '../domain/device.ts';
import type { Location, VerifiedLocation } from '../domain/ticket.ts';

type Place = Pick<Location, 'building' | 'room'>;

/**
 * Compares the location in the mail with the inventory's (A12). The inventory wins; what it does not know is
 * taken from the mail, except for the room of a building that turned out to be another one.
 */
export function verifyLocation(mailSays: Place, device: Device | null): VerifiedLocation {
  if (device === null) {
    return { site: null, building: mailSays.building, room: mailSays.room, known: false, corrections: [] };
  }
  const wrongBuilding = contradicts(mailSays.building, device.building);
  const verified: Place = {
    building: device.building ?? mailSays.building,
    room: device.room ?? (wrongBuilding ? null : mailSays.room),
  };
  const wrong = wrongBuilding || contradicts(mailSays.room, device.room);
  const corrections = wrong ? [`mail said ${spell(mailSays)}, inventory says ${spell(verified)}`] : [];
  return { site: device.site, ...verified, known: true, corrections };
}

function contradicts(said: string | null, known: string | null): boolean {
  return said !== null && known !== null && said.trim().toLowerCase() !== known.trim().toLowerCase();
}

function spell(place: Place): string {
  if (place.building === null) return `room ${place.room}`;
  return place.room === null ? place.building : `${place.building}/${place.room}`;
}
