/** A device as the inventory knows it (A12). */
export interface Device {
  /** Short name in lower case, such as `int-38`. */
  readonly name: string;
  /** Fully qualified name, where known. */
  readonly fqdn: string | null;
  readonly ip: string | null;
  readonly mac: string | null;
  readonly region: string | null;
  readonly site: string | null;
  readonly building: string | null;
  readonly room: string | null;
  /** Name of the device above this one on the way from the master. */
  readonly upstream: string | null;
}

/** Finds devices by short name, fully qualified name, IP or MAC, whatever the case. */
export interface Inventory {
  find(identifier: string): Device | null;
  all(): readonly Device[];
}

/** A planned time in which a device is out for maintenance (A10). */
export interface Outage {
  readonly id: string;
  /** A device's name, IP or MAC, as the person wrote it. */
  readonly device: string;
  readonly from: Date;
  readonly until: Date;
  readonly reason: string;
}
