const guarded = new RegExp(
  `^(?:${[
    'LD_.*|DYLD_.*|PYTHON.*|PERL.*|RUBY.*|NODE_.*|JAVA_.*|BASH_.*|GIT_.*|SSH_.*',
    'ENV|IFS|SHELL|SHELLOPTS|PS4|HOME|EDITOR|VISUAL|PAGER|.*PATH|.*_RSH',
    '.*_(?:CONFIG|CONF|CFG|PLUGINS?|LIBRARY|MODULES?|MODULE_DIR|DIR|FILE|HOME|SCRIPT|COMMAND|EXECUTABLE|INTERPRETER|SHELL|ARGS|OPTS|OPTIONS)',
  ].join('|')})$`,
);

/** Returns whether a variable selects a program, library, plugin or config: it is allowed by exact value only. */
export function isGuarded(name: string): boolean {
  return guarded.test(name);
}
