/** What the site decides about its tickets: form, routes, schedules, care. All durations are in ms. */

/** The parts that a ticket's message can show (A13). */
export const ticketFields = [
  'device',
  'failure',
  'alerts',
  'times',
  'packages',
  'jobs',
  'servers',
  'location',
  'region',
  'queue',
  'actionTaken',
  'diagnosis',
] as const;
export type TicketField = (typeof ticketFields)[number];

/** What can stand in braces in a template's texts. */
export const placeholders = [
  'summary',
  'id',
  'device',
  'failure',
  'alerts',
  'announced',
  'package',
  'job',
  'server',
  'region',
  'site',
  'building',
  'room',
  'verdict',
] as const;
export type Placeholder = (typeof placeholders)[number];

/** How a ticket looks. Texts are the site's own mrkdwn; what fills their placeholders is escaped. */
export interface TicketTemplate {
  readonly title: string;
  /** Stands below the announced failure; null: nothing. */
  readonly text: string | null;
  /** In the order in which they are shown. */
  readonly fields: readonly { readonly field: TicketField; readonly label: string }[];
}

/** When held tickets go out (A15): at wall times of a zone, every day or on one day of the week. */
export interface HoldSchedule {
  readonly every: 'shift' | 'day' | 'week';
  /** Minutes from midnight, at least one. */
  readonly atMinutes: readonly number[];
  /** 1 is Monday; null: every day. */
  readonly weekday: number | null;
  readonly timeZone: string;
}

/** What of a ticket a rule looks at; null: anything, `*` for any part of a name. */
export interface RouteMatch {
  readonly region: string | null;
  readonly site: string | null;
  readonly building: string | null;
  readonly package: string | null;
  readonly failure: string | null;
  readonly server: string | null;
}

/** One rule of the routing tree (A14). */
export interface RouteRule {
  /** As the config names it, such as `routing.rules[2]`. */
  readonly id: string;
  readonly match: RouteMatch;
  /** null: the rule says nothing about it. */
  readonly channel: string | null;
  /** `none`: at once, whatever building or region say. null: the rule says nothing about it. */
  readonly hold: HoldSchedule | 'none' | null;
  /** Go on with the rules below for what this one does not say. */
  readonly continue: boolean;
}

/** The queue of a building (A16). */
export interface BuildingQueue {
  readonly name: string;
  readonly channel: string | null;
  readonly staffed: boolean;
  /** Whose staff helps out, in this order; empty: the nearest by distance. */
  readonly nearest: readonly string[];
  readonly position: { readonly lat: number; readonly lon: number } | null;
  readonly hold: HoldSchedule | null;
}

export interface MailPolicy {
  readonly relay: { readonly host: string; readonly port: number };
  readonly from: string;
  readonly to: readonly string[];
}

/** What happens to a ticket once it is open (A17). */
export interface TicketPolicy {
  readonly template: TicketTemplate;
  /** Least silence after which a ping can clear a connection symptom; `null` if no ping does. */
  readonly autoResolveAfterMs: number | null;
  /** Silence after which a ticket closes although nothing shows its repair; null or left out: never. */
  readonly closeQuietAfterMs?: number | null;
  /** How long a resolved ticket can be opened again. */
  readonly reopenForMs: number;
  /** Least time between the first two lines in a ticket's thread about further alerts, in ms; later pauses are longer. */
  readonly tellEveryMs: number;
  /** Failures of one device that begin within this time share a ticket; null: each has its own. */
  readonly combineWithinMs: number | null;
  /** null: tickets are not mailed. */
  readonly email: MailPolicy | null;
}
