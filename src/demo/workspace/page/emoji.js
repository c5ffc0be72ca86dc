/** Marks that are drawn with the page's own font. */
export const marks = {
  white_check_mark: '✓',
  heavy_check_mark: '✓',
  x: '✗',
  warning: '⚠',
  arrow_forward: '▶\ufe0e',
  grey_question: '?',
};

/** Marks whose shapes stand in the style sheet. */
export const shapes = new Set(['hourglass', 'mag', 'no_entry', 'raised_hand', 'wrench']);

/** The names that apps use most; others are shown by their name. */
export const emoji = {
  rotating_light: '🚨',
  hourglass_flowing_sand: '⏳',
  no_entry_sign: '🚫',
  information_source: 'ℹ️',
  question: '❓',
  exclamation: '❗',
  eyes: '👀',
  hammer_and_wrench: '🛠️',
  package: '📦',
  satellite: '🛰️',
  satellite_antenna: '📡',
  round_pushpin: '📍',
  pushpin: '📌',
  globe_with_meridians: '🌐',
  bar_chart: '📊',
  memo: '📝',
  clipboard: '📋',
  lock: '🔒',
  bell: '🔔',
  no_bell: '🔕',
  repeat: '🔁',
  arrows_counterclockwise: '🔄',
  arrow_right: '➡️',
  clock3: '🕒',
  '+1': '👍',
  '-1': '👎',
  tada: '🎉',
  wave: '👋',
  robot_face: '🤖',
  construction: '🚧',
  electric_plug: '🔌',
  email: '✉️',
  computer: '💻',
  desktop_computer: '🖥️',
  checkered_flag: '🏁',
};
