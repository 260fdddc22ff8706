import { graphemes } from '#lib/locale.ts'

/** Nothing below is ever joined to what stands before it. */
const JOINS = /[\u0300-\uffff]/

/** A text in which characters with marks are one (NFC): as it is searched, whichever way it was written. */
export function composed(text: string): string {
  return JOINS.test(text) ? text.normalize('NFC') : text
}

/** The composed text, and where each offset of it is in the text as it was. */
export function composedWithPlaces(text: string): { text: string; place(offset: number): number } {
  const whole = composed(text)
  if (whole === text) return { text, place: (offset) => offset }
  let out = ''
  const places: number[] = []
  for (const { segment, index } of graphemes(text)) {
    const one = segment.normalize('NFC')
    for (let k = 0; k < one.length; k++) places.push(one === segment ? index + k : index)
    out += one
  }
  places.push(text.length)
  return { text: out, place: (offset) => places[offset] ?? text.length }
}
