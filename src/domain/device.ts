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
  /** Names of the groups it belongs to, in lower case; where groups differ, the first one decides. */
  readonly groups: readonly string[];
}

/**
 * The devices that the site knows, always as its newest good source says: it may change between two calls.
 * Devices are found by short name, fully qualified name, IP or MAC, whatever the case.
 */
export interface Inventory {
  find(identifier: string): Device | null;
  all(): readonly Device[];
  /** Every device below this one, however far down; none for one that the inventory does not know. */
  behind(server: string): readonly Device[];
}
