/** A number as labs print it, with a real minus sign. */
export function signed(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−')
}

/** `2.4e-6`, as gauges show pressure. */
export function scientific(value: number): string {
  return value.toExponential(1)
}

const BLOCKS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A progress bar that overwrites its own line, as tqdm draws it. */
export function tqdm(label: string, done: number, total: number, perSecond: number): string {
  const eighths = Math.floor((done / total) * 80)
  const bar = ('█'.repeat(Math.floor(eighths / 8)) + (BLOCKS[eighths % 8] ?? '')).padEnd(10)
  const percent = String(Math.floor((100 * done) / total)).padStart(3)
  const spent = clock(done / perSecond)
  const left = clock((total - done) / perSecond)
  return `\r${label}: ${percent}%|${bar}| ${done}/${total} [${spent}<${left}, ${perSecond.toFixed(2)}it/s]`
}

function clock(seconds: number): string {
  const whole = Math.round(seconds)
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`
}

/** What file names, comments and other people's programs bring into a log. */
export const FOREIGN_LINES: readonly [string, ...string[]] = [
  '<script>window.__pwned = "log"</script> found in notes.txt, kept as text',
  '\u001b[33mWARNING\u001b[0m column \u001b[1m"λ (nm)"\u001b[0m has 3 empty cells',
  'operator note: "looks great 🎉👩‍🔬 — rerun with sample № 7 & <b>fresh</b> fibre"',
  `header: ${Array.from({ length: 160 }, (_, index) => `ch${index}_amplitude_mV`).join(',')}`,
  "\u001b[31;1mERROR\u001b[0m run_0412.csv line 88: could not convert string to float: '−3,41' (skipped)",
  'Messdaten übernommen: Prüfling „Größe 3“, Δλ = 0,4 nm, 測定終了, измерение завершено',
  'two lines in one message:\n    first  0.412 mW\n    second 0.398 mW',
  'https://example.org/wiki/Beam_map?rev=12&diff=<prev> opened for reference',
]
