/** Where a text lies. */
export type TextPlace =
  | { readonly file: string }
  | {
      readonly url: string;
      /** Sent as `Authorization: Bearer …`, to this URL's own origin only; null: none. */
      readonly bearer: (() => string) | null;
    };

/** Reads whole texts of limited size within a limited time; rejects with `source-unreadable`. */
export interface TextReader {
  read(place: TextPlace): Promise<string>;
  /** Changes when the text does; null where only reading tells. Rejects as `read` does. */
  stamp(place: TextPlace): Promise<string | null>;
}

/** A place as people may see it. Of a URL only the host: calendars are shared by addresses that are secrets. */
export function spellPlace(place: TextPlace): string {
  if ('file' in place) return place.file;
  return URL.canParse(place.url) ? new URL(place.url).host : 'a URL';
}
