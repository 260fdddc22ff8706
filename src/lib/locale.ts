/*
 * The one place that asks for anything that depends on a language: Weir speaks English, whatever the browser's
 * settings are, and some have none that is a language at all ("C", "en_US.UTF-8", nothing).
 */

/** `en` groups thousands by commas; `en-GB` writes days before months, and clocks of 24 hours. */
const WORDS = 'en'
const DATES = 'en-GB'

const numbers = new Intl.NumberFormat(WORDS)
const dates = new Map<string, Intl.DateTimeFormat>()
let collator: Intl.Collator | undefined
let segmenter: Intl.Segmenter | undefined
let zone: string | undefined

/** "1,234.5": grouped, with three digits behind the point at most. */
export function groupedNumber(value: number): string {
  return numbers.format(value)
}

/** A formatter of dates; made once for each set of options. */
export function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options)
  let made = dates.get(key)
  if (!made) dates.set(key, (made = new Intl.DateTimeFormat(DATES, options)))
  return made
}

/** The machine's zone, as "Europe/Berlin"; asked once, since the answer takes long. */
export function ownZone(): string {
  return (zone ??= new Intl.DateTimeFormat(WORDS).resolvedOptions().timeZone || 'local time')
}

/** The zone's short name at a time, "GMT+1"; ms since epoch. */
export function shortZone(at: number | Date): string {
  const parts = dateFormat({ timeZoneName: 'short' }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'local'
}

/** Orders names as people do, numbers in them as numbers: the same in every browser. */
export function compareNames(a: string, b: string): number {
  collator ??= new Intl.Collator(WORDS, { numeric: true })
  return collator.compare(a, b)
}

/** What people see as single characters, each with where it begins. */
export function graphemes(text: string): Iterable<{ segment: string; index: number }> {
  segmenter ??= new Intl.Segmenter(WORDS, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** True for what formatters take as a language. */
export function isLanguage(tag: unknown): tag is string {
  if (typeof tag !== 'string' || tag === '') return false
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

/**
 * Gives a browser that has no language one: libraries hand `navigator.language` to formatters as it is (uPlot does
 * when it is loaded), which throws for what is none. To be called before any of them is.
 */
export function mendLanguage(browser: { language?: unknown; languages?: unknown }): void {
  if (isLanguage(browser.language)) return
  Object.defineProperty(browser, 'language', { value: WORDS, configurable: true })
  Object.defineProperty(browser, 'languages', { value: [WORDS], configurable: true })
}
