/** Something the workspace must have before an app can run, and what to do about it. */
export interface Need {
  what: string
  todo: string
}

/**
 * The list of what is missing, out of a refusal for requirements; null for other refusals. The relay gives the
 * service's messages with semicolons between them, its advice last.
 */
export function needsOf(refusal: { type: string; message: string }): Need[] | null {
  if (refusal.type !== 'requirements') return null
  const advice = refusal.message.indexOf(' The app needs ')
  const words = (advice < 0 ? refusal.message : refusal.message.slice(0, advice)).replace(/[.]$/, '')
  const needs = words
    .split('; ')
    .filter((part) => part.trim() !== '')
    .map((what) => ({ what: what.charAt(0).toUpperCase() + what.slice(1), todo: todoFor(what) }))
  return needs.length > 0 ? needs : null
}

function todoFor(what: string): string {
  if (/secret|token|key|env/i.test(what)) return 'Add it under Secrets in the workspace at inference.sh.'
  if (/permission|scope|access/i.test(what))
    return 'Connect the account again at inference.sh and allow what is asked.'
  if (/connect|integration|account/i.test(what))
    return 'Connect it under Integrations in the workspace at inference.sh.'
  return 'Add it to the workspace at inference.sh.'
}
