import { float } from '../python-json.ts'
import type { PyValue } from '../python-json.ts'

/** Texts as recorded: markup, terminal codes, emoji, separators, half a surrogate pair, a long line. */
export const HOSTILE_MESSAGES: readonly string[] = [
  'plain first line',
  "<script>window.__pwned = 'script'</script>",
  '<img src=x onerror="window.__pwned=\'img\'">',
  '<b>bold?</b> &lt;already escaped&gt; & a bare ampersand',
  '\u001b[31mred\u001b[0m \u001b[1;32mbold green\u001b[0m \u001b[48;5;208m256 colours\u001b[0m \u001b]8;;http://127.0.0.1/\u0007link\u001b]8;;\u0007',
  'emoji \u{1f469}\u200d\u{1f52c}\u{1f9ea}\u{1f1e6}\u{1f1fa} combining e\u0301 rtl \u202eevil\u202c zero\u200bwidth \ufeff bom',
  'two\nlines, a tab\there, cr\rover',
  'separators \u2028 and \u2029 and nul \u0000 and bell \u0007',
  'lone surrogate \ud83d end',
  'x'.repeat(2_000),
  'javascript:alert(1) https://127.0.0.1/ok?a=1&b=<2>',
  '__proto__ constructor toString',
  '${7*7} {{7*7}} %s %n \\u0041 \\',
  '',
]

/** Payloads as recorded: fields missing, null, of other types, out of range; then no objects at all. */
export const ODD_PAYLOADS: readonly PyValue[] = [
  { message: 'no numbers yet' },
  { step: 0, total: 0, progress_percent: 0, message: 'nothing to count' },
  { step: 3, total: 10, message: 'percent missing' },
  { progress_percent: 40, message: 'steps missing' },
  { step: 5, total: 10, progress_percent: null, message: null },
  { step: '6', total: '10', progress_percent: '60', message: 6 },
  { step: 12, total: 10, progress_percent: float(120), message: 'past the end' },
  { step: -1, total: 10, progress_percent: float(-10), message: 'before the start' },
  { step: 2, total: 10, progress_percent: float(20), message: 'started over' },
  {
    step: 1152921504606846976n,
    total: 2305843009213693952n,
    progress_percent: float(50),
    message: 'beyond 2^53',
  },
  { step: 3, total: 10, progress_percent: float(30), current_result: [1, 2, 3], message: 'an array' },
  {
    step: 4,
    total: 10,
    progress_percent: float(40),
    current_result: { a: { b: [true, null] } },
    message: 'nested',
  },
  'a bare string',
  42,
  float(3.5),
  true,
  null,
  [1, 2, 3],
  [],
  {},
]
