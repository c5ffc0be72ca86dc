/**
 * Pieces that the shipped formats' patterns are made of; all RE2 syntax. Where there is only one way in which a text can
 * match, JavaScript's engine looks for it, which is much faster (`pattern/native.ts`).
 */

/** Words by which a tool's output says that something failed. */
export const errorWords = [
  'error|fail|denied|cannot|can.t|could not|unable|unexpected|wrote only|no space|not permitted|not a valid|no such|no route',
  'timed out|timeout|refused|unreachable|reset by peer|not match|corrupt',
  // What the C library and common tools say in German, French, Spanish, Italian and Portuguese, Japanese, Chinese and Korean.
  'fehl|nicht gefunden|kann nicht|konnte nicht|nicht möglich|kein speicherplatz|keine berechtigung|keine route|verweigert|abgelehnt|abgelaufen',
  'erreur|échec|échoué|refusé|impossible|non accordée|aucun espace|aucun fichier|aucun chemin|expiration du délai',
  'falló|fallo|no se pu|denegad|rehusad|rechazad|no queda espacio|no existe|no coincide|expiró',
  'errore|negato|rifiutat|impossibile|spazio esaurito|falha|erro|negada|recusada|não foi possível',
  '失敗|エラー|できません|ありません|拒否|タイムアウト|错误|失败|无法|拒绝|超时|没有|오류|실패|거부',
].join('|');

const signs = String.raw`"'${'`'}‘’‚“”„«»「」/\\:*?|<>()\[\]{}=,;`;
/** What no file's name has in a tool's output: folders, quotes of several languages, and the signs of shells and globs. */
/** Blanks that RE2's `\s` leaves out. */
const wideBlanks = '\u00a0\u3000';
const notInName = String.raw`${signs}\s${wideBlanks}`;
/**
 * What stands before a file's name, none of it part of a name: else the pattern would be ambiguous, and slow. Never a line
 * end, so that a whole line can be passed over.
 */
const beforeName = String.raw`(?:^|[${signs} \t\f\r${wideBlanks}])`;

/**
 * A package's file name: without folders, quotes and the dot that marks a temporary copy. Flags (`--exclude=*.deb`) and
 * globs are none.
 */
export const packageFile = String.raw`[^-.${notInName}][^${notInName}]*?\.(?:deb|rpm|apk|tar\.(?:gz|xz|bz2|zst)|tgz|zip|whl|jar|msi|pkg|img|iso)`;

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

/** A flag whose value is left out of a distribution: no package that was meant. */
const leftOut = String.raw`--(?:exclude|include|filter|ignore|skip|hold)(?:-[a-z]+)?[ =]\S+`;

const file = String.raw`${beforeName}\.?(?<package>${packageFile})\b`;

/** A package's file in a command or in an announced text. */
export const packageInText = `${leftOut}|${file}`;

const openQuote = `['"‘“„«]`;
const closeQuote = `['"’”“»]`;

/** A checksum that is right, or what `cp -v` and `mv -v` copied. */
const succeeded = [
  String.raw`[^\n]*: (?:OK|ok|Ok|[Gg]ood|[Pp]assed|RÉUSSI|Réussi|SUCESSO|La suma coincide|完了|成功)`,
  String.raw`(?:[^\s'"‘“„«]+ )?${openQuote}[^\n]*${closeQuote} -> ${openQuote}[^\n]*${closeQuote}(?: \([^\n]*\))?`,
].join('|');

/** Lines in which a tool reports success: also what rsync -v lists. */
const successLine = [
  String.raw`^(?:${succeeded})[ \t\r]*$`,
  String.raw`^(?:sending|receiving|building) (?:incremental )?file list.*\n(?:[^\s:]+\n)*`,
].join('|');

/** Output that reports nothing but success. */
export const successOnly = String.raw`\A(?:(?:${succeeded})[ \t\r]*\n)+\s*\z`;

/** A file of which a checksum run says that it is wrong: `geo-db_1.deb: FAILED`. */
export const failedFile = `${beforeName}(?<package>${packageFile}): +(?i:${errorWords})`;

/** The file of which a heading says that it failed: `dpkg: error processing archive geo-db_1.deb (--install):`. */
export const fileInHeading = `(?i:${errorWords}).*[${signs} ](?<package>${packageFile})\\b.*:[ \\t]*$`;

/** What `cp -v`, `mv -v` and `install -v` were about when they failed: they name a file before they copy it. */
export const fileWhenCopyFailed = String.raw`^(?:[^\s'"‘“„«]+ )?${openQuote}(?:[^'"’”“»\n]*/)?(?<package>[^'"’”“»/\n]+)${closeQuote} -> .*\n(?:\S*/)?(?:cp|mv|install|ln): `;

/** A package's file in a tool's output, but for the lines that report success. */
export const packageInOutput = `${successLine}|${leftOut}|${file}`;

/** What a tool prints when it fails, rather than what it says on its way; headings are no such line. */
export const announcedError = `(?<announced>(?:\\S.*)?(?i:${errorWords})(?:.*[^:\\s])?)[ \\t]*$`;

/** Anything that is said at all. */
export const announcedText = '(?<announced>\\S.*)';

/** The first line of a tool's output that reports no success. */
export const announcedLine = `${successLine}|^${announcedText}`;
