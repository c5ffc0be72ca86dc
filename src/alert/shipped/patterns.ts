/**
 * Pieces that the shipped formats' patterns are made of; all RE2 syntax. Where there is only one way in which a text can
 * match, JavaScript's engine looks for it, which is much faster (`pattern/native.ts`).
 */

/** A package's file name: without folders, quotes and the dot that marks a temporary copy. */
export const packageFile =
  '[^."\'`/\\s:][^"\'`/\\s]*?\\.(?:deb|rpm|apk|tar\\.(?:gz|xz|bz2|zst)|tgz|zip|whl|jar|msi|pkg|img|iso)';

/** A host's name, short or full, or its address. */
export const hostName = '[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?';

/** An IPv4, IPv6 or MAC address, as far as a pattern can tell. */
export const address = '[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f]*(?:[:.-][0-9A-Fa-f]*){2,7}';

/** A host's name that can't be an ordinary word: it has a digit or a dot. */
export const certainHostName =
  '[A-Za-z_-]*(?:[0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?|\\.[A-Za-z0-9_.-]*[A-Za-z0-9])';

/**
 * The machine on which a program handed its mail to Postfix, as the field given: that is where it ran, whatever From
 * says.
 */
export function originOfMail(field: 'device' | 'distributionServer'): string {
  return `^by (?<${field}>${hostName}) \\(Postfix, from userid`;
}

/** A package's file somewhere in a tool's output. */
export const packageInText = `(?:^|["'/ \\t\\f\\r])\\.?(?<package>${packageFile})\\b`;

const errorWords =
  'error|fail|denied|cannot|can.t|could not|unable|unexpected|wrote only|no space|not permitted|not a valid|no such|no route|timed out|timeout|refused|unreachable|reset by peer|not match|corrupt';

/** What a tool prints when it fails, rather than what it says on its way; headings are no such line. */
export const announcedError = `(?<announced>(?:\\S.*)?(?i:${errorWords})(?:.*[^:\\s])?)[ \\t]*$`;

/** Anything that is said at all. */
export const announcedText = '(?<announced>\\S.*)';
