/** What sudo prints when it starts nothing (sudo 1.8 and 1.9, sudo_plugin(5)), in the locale C or English. */
const refusals = [
  /^sudo: a password is required$/,
  /^sudo: .*(?:a terminal is required|must have a tty|no tty present)/,
  /^\S+ is not in the sudoers file/,
  /^Sorry, user \S+ (?:is not allowed to execute|may not run sudo)/,
  /^sudo: sorry, you are not allowed to /,
  /^sudo: unknown (?:user|group)\b/,
  /^sudo: .+: command not found$/,
  /^sudo: no valid sudoers sources found/,
  /^sudo: unable to (?:initialize|open|stat|load|change|allocate) /,
  /^sudo: .*(?:must be owned by uid 0|effective uid is not 0|no new privileges)/,
  /^sudo: (?:PAM |account validation failure|error initializing|fatal error)/,
];
/** What it may say besides. */
const remarks = [
  /^sudo: unable to resolve host /,
  /^This incident /,
  /^sudo: .*(?:syntax error|parse error)/,
];
const mostBytes = 2_048;
/** How a shell says that there is no sudo. */
const missing = /(?:^|: )sudo: (?:command )?not found$/;

/** Returns sudo's own words if it refused to start a command; null if the command may have run. `output` is all of it. */
export function findSudoRefusal(
  argv: readonly string[],
  exitCode: number,
  output: Uint8Array,
): string | null {
  if (argv[0] !== 'sudo' || output.length === 0 || output.length > mostBytes) return null;
  const lines = Buffer.from(output)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (exitCode === 127) return lines.length === 1 && missing.test(lines[0] ?? '') ? (lines[0] ?? null) : null;
  if (exitCode !== 1) return null;
  const refusal = lines.find((line) => refusals.some((one) => one.test(line)));
  const isAllSudo = lines.every((line) => [...refusals, ...remarks].some((one) => one.test(line)));
  return isAllSudo ? (refusal ?? null) : null;
}
