/** The zone of a source's clock, by what identifies the source; what is `null` is not limited. */
export interface SourceZone {
  /** The sender's domain, or a tail of it on a label boundary. */
  readonly domain: string | null;
  readonly region: string | null;
  /** The distribution server's short name. */
  readonly server: string | null;
  readonly timeZone: string;
}

/** What a time without a zone may mean (A6). */
export interface ZonePolicy {
  readonly siteZone: string;
  /** The first entry that fits decides. */
  readonly sourceZones: readonly SourceZone[];
  /** Time zones of regions, by the region's name. */
  readonly regionZones: ReadonlyMap<string, string>;
}

/** A site whose clocks all show UTC. */
export const utcEverywhere: ZonePolicy = { siteZone: 'UTC', sourceZones: [], regionZones: new Map() };
