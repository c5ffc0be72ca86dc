const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Hours ahead of UTC by abbreviation (RFC 5322 section 4.3, and what date(1) prints); several where more places use it. */
const hoursByName: Readonly<Record<string, readonly number[]>> = {
  Z: [0],
  UT: [0],
  UTC: [0],
  GMT: [0],
  WET: [0],
  WEST: [1],
  BST: [1, 6],
  CET: [1],
  MEZ: [1],
  CEST: [2],
  MESZ: [2],
  EET: [2],
  EEST: [3],
  MSK: [3],
  SAST: [2],
  EAT: [3],
  IST: [5.5, 2, 1],
  JST: [9],
  KST: [9],
  HKT: [8],
  SGT: [8],
  AWST: [8],
  AEST: [10],
  AEDT: [11],
  NZST: [12],
  NZDT: [13],
  EST: [-5],
  EDT: [-4],
  CST: [-6, 8],
  CDT: [-5],
  MST: [-7],
  MDT: [-6],
  PST: [-8],
  PDT: [-7],
  AKST: [-9],
  AKDT: [-8],
  HST: [-10],
};

/** A zone as a time states it: how far its clocks are ahead of UTC, in ms, or an IANA name. */
export type WrittenZone = { readonly offsetsMs: readonly number[] } | { readonly timeZone: string };

/** Reads `Z`, `+0100`, `-08:00`, `UTC+2`, `PST` or `Europe/Berlin`; `null` if it is no zone that is known. */
export function readZone(written: string): WrittenZone | null {
  const [, sign, hours = '', minutes = '0'] = /^(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?$/.exec(written) ?? [];
  if (sign !== undefined) {
    const aheadMs = Number(hours) * hourMs + Number(minutes) * minuteMs;
    return aheadMs > 14 * hourMs ? null : { offsetsMs: [sign === '-' ? -aheadMs : aheadMs] };
  }
  const known = Object.hasOwn(hoursByName, written.toUpperCase())
    ? hoursByName[written.toUpperCase()]
    : undefined;
  if (known) return { offsetsMs: known.map((each) => each * hourMs) };
  return written.includes('/') && isTimeZone(written) ? { timeZone: written } : null;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}
