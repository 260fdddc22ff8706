import type { Requirement } from '#model/command.ts'

/** Something that must be there before an app can run, and what to do about it. */
export interface Need {
  /** In the service's own words. */
  what: string
  todo: string
  /** Permissions that are asked for, in words. */
  scopes: readonly string[]
}

/**
 * A requirement in words for people; kinds that are not known yet still say where to go.
 * @param service what the source's system is called
 */
export function needOf(requirement: Requirement, service: string): Need {
  const { type, key, message, action } = requirement
  const what = message.charAt(0).toUpperCase() + message.slice(1)
  const scopes = (action?.scopes ?? []).map((scope) => action?.scope_descriptions[scope] ?? scope)
  return {
    what: /[.!?…]$/.test(what) ? what : `${what}.`,
    todo: todoFor(action?.type ?? type, key, action?.provider_name ?? action?.provider ?? null, service),
    scopes,
  }
}

function todoFor(kind: string, key: string, provider: string | null, service: string): string {
  switch (kind) {
    case 'add_secret':
    case 'secret':
      return `Add ${key ? `the secret ${key}` : 'it'} under Secrets in the workspace at ${service}.`
    case 'connect':
    case 'integration':
      return `Connect ${provider ?? (key || 'it')} under Integrations in the workspace at ${service}.`
    case 'add_scopes':
    case 'scope':
      return provider === null
        ? `Give the API key ${key ? `the scope ${key}` : 'this scope'}, or use another key.`
        : `Connect ${provider} again at ${service} and allow what is asked.`
    default:
      return `Add ${key || 'it'} to the workspace at ${service}.`
  }
}

/** A text in parts, where some are addresses that may become links: http and https alone. */
export function linkParts(text: string): { text: string; href: string | null }[] {
  return text
    .split(/(https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}])/i)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, href: /^https?:\/\//i.test(part) && URL.canParse(part) ? part : null }))
}
