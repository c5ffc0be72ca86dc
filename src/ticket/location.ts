import type { Device } from '../domain/device.ts';
import { normalizeIdentifier } from '../domain/identifier.ts';
import type { Location, VerifiedLocation } from '../domain/ticket.ts';

type Place = Pick<Location, 'building' | 'room'>;
/** What the mail says of a device, beside its name. */
type Said = Place & { readonly address?: string | null | undefined };

/**
 * Compares location and address in the mail with the inventory's (A12). The inventory wins; what it does not know is
 * taken from the mail, except for the room of a building that turned out to be another one.
 */
export function verifyLocation(mailSays: Said, device: Device | null): VerifiedLocation {
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
  const wrongAddress = correctAddress(mailSays.address ?? null, device);
  return {
    site: device.site,
    ...verified,
    known: true,
    corrections: wrongAddress === null ? corrections : [...corrections, wrongAddress],
  };
}

/** A MAC is held against the MAC, an IP against the IP; what the inventory does not know contradicts nothing. */
function correctAddress(said: string | null, { ip, mac }: Device): string | null {
  if (said === null) return null;
  const address = normalizeIdentifier(said);
  const known = /^(..:){5}..$/.test(address) ? mac : ip;
  if (known === null || normalizeIdentifier(known) === address) return null;
  return `mail said ${address}, inventory says ${known}`;
}

function contradicts(said: string | null, known: string | null): boolean {
  return said !== null && known !== null && said.trim().toLowerCase() !== known.trim().toLowerCase();
}

function spell(place: Place): string {
  if (place.building === null) return `room ${place.room}`;
  return place.room === null ? place.building : `${place.building}/${place.room}`;
}
