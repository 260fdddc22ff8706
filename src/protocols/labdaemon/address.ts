import { LabDaemonError } from './errors.ts'

/*
 * Which ids a LabDaemon can be asked for, and why not (LabDaemon wire contract §2).
 */

/** Why no address names this id, as half a sentence about it; null when one does. */
export function whyUnaddressable(id: string): string | null {
  if (id === '') return 'it is empty'
  if (id === '.' || id === '..') return `in an address “${id}” means another place`
  if (id.includes('/')) return 'a “/” in it is taken for a part of the address'
  if (/\p{Surrogate}/u.test(id)) return 'it holds half a character, which no address can carry'
  return null
}

/** The same for ids that are no text. */
export function whyUnfound(id: string | number | boolean): string | null {
  return typeof id === 'string'
    ? whyUnaddressable(id)
    : `the server keeps it as a ${typeof id}, and finds texts only`
}

/** The error that stands for a request which cannot be made. */
export function unaddressable(why: string): LabDaemonError {
  return new LabDaemonError(
    'unaddressable',
    'NotAddressable',
    `LabDaemon cannot be asked for this id: ${why}`,
  )
}

/**
 * Ids of a list as Weir calls them: the text, or what a number or boolean reads as; where a text of the same list
 * reads so too, the other one says what it is.
 */
export function namesOf(ids: readonly (string | number | boolean)[]): string[] {
  const texts = new Set(ids.filter((id) => typeof id === 'string'))
  return ids.map((id) =>
    typeof id === 'string' ? id : texts.has(String(id)) ? `${String(id)} (${typeof id})` : String(id),
  )
}
