import { bounded, detached } from '#lib/detached.ts'
import { withinDepth } from '#lib/json-depth.ts'
import { parseExact } from '#lib/exact-json.ts'
import type { Requirement } from '#model/command.ts'
import { finiteOf, isRecord, own, textOf, timeOf, type WireRecord } from './values.ts'

/*
 * Three generations of envelope and all ways to be refused (inference.sh wire contract §2).
 */

export const ERROR_KINDS = [
  /** 400, 422 and other 4xx: the request itself. */
  'invalid',
  /** 401. */
  'key',
  /** 402. */
  'balance',
  /** 403: the key may not do this. */
  'scope',
  /** 403: a one-time password is wanted. */
  'otp',
  /** 403: the account is closed. */
  'account',
  /** 404. */
  'missing',
  /** 409. */
  'conflict',
  /** 410: a session that is over. */
  'gone',
  /** 412: secrets, integrations or permissions that the app needs. */
  'requirements',
  /** 422 of a run that was waited for: the task itself failed. */
  'task',
  /** 429. */
  'rate',
  /** A limit of the plan: waiting does not lift it. */
  'plan',
  /** 5xx. */
  'server',
  /** Something answers that is no inference.sh, or not in its format. */
  'foreign',
  /** The server sends elsewhere; the key is not taken there. */
  'redirect',
  /** More than Weir reads at once. */
  'large',
  /** No connection. */
  'unreachable',
  /** Connected and silent. */
  'timeout',
] as const
export type InferenceErrorKind = (typeof ERROR_KINDS)[number]

const ADVICE: Readonly<Record<InferenceErrorKind, string>> = {
  invalid: 'Correct the request and send it again.',
  key: 'The API key is missing, wrong or revoked. Set INFERENCE_API_KEY on the server that runs Weir to a valid key and restart it.',
  balance: 'Top up the balance of the workspace at inference.sh, then try again.',
  scope: 'The API key may not do this. Give it the scope that is named, or use another key.',
  otp: 'The account wants a one-time password, which a key cannot give. Use a key of an account without it, or sign in at inference.sh.',
  account: 'The account is closed. Only inference.sh can open it again.',
  missing: 'It does not exist (any more), or belongs to another workspace than the API key.',
  conflict: 'It has changed in the meantime. Reload, then decide again.',
  gone: 'The session is over. Start the run in a new one.',
  requirements:
    'The app needs something that the workspace does not have yet. Add it at inference.sh, then run again.',
  task: 'The run itself ended without a result. Its logs and its error say why.',
  rate: 'Too many requests. Weir waits and tries again by itself.',
  plan: 'A limit of the plan is reached; waiting does not lift it. Let runs end, cancel some, or change the plan.',
  server: 'The fault is on the side of inference.sh. Weir tries again by itself.',
  foreign: 'Check the address of the source: what answers there is not the API of inference.sh.',
  redirect:
    'The key is not sent to another address. Set the source to the address that the server names, if you trust it.',
  large: 'The answer is too large to be read at once.',
  unreachable: 'Check the network and the address of the source. Weir tries again by itself.',
  timeout: 'The server is silent. What was asked may still happen: look before you ask again.',
}

/** Kinds that time alone may cure. */
const PASSING: ReadonlySet<InferenceErrorKind> = new Set(['rate', 'server', 'unreachable', 'timeout'])

/** A remark beside an answer: `{data, messages}`. */
export interface Notice {
  level: string
  code: string | null
  message: string
  meta: WireRecord | null
}

export interface ErrorDetails {
  status?: number | null
  code?: string | null
  requirements?: Requirement[]
  meta?: WireRecord | null
  retryAfterMs?: number | null
}

/** Every way a request to inference.sh fails. */
export class InferenceError extends Error {
  override readonly name = 'InferenceError'
  readonly kind: InferenceErrorKind
  /** HTTP status, or the one an older envelope carries; null when no answer came. */
  readonly status: number | null
  /** The service's word for it: `unauthorized`, `rate_limited`. */
  readonly code: string | null
  readonly requirements: readonly Requirement[]
  /** `{resource, limit, current, …}` of a limit. */
  readonly meta: WireRecord | null
  /** How long the server asked to wait, ms. */
  readonly retryAfterMs: number | null

  constructor(kind: InferenceErrorKind, message: string, details: ErrorDetails = {}) {
    super(message)
    this.kind = kind
    this.status = details.status ?? null
    this.code = details.code ?? null
    this.requirements = details.requirements ?? []
    this.meta = details.meta ?? null
    this.retryAfterMs = details.retryAfterMs ?? null
  }

  /** What to do about it. */
  get advice(): string {
    return ADVICE[this.kind]
  }

  /** False when asking again the same way can only fail the same way. */
  get passing(): boolean {
    return PASSING.has(this.kind)
  }
}

export interface Answer {
  /** HTTP status. */
  status: number
  headers: { get(name: string): string | null }
  text: string
  /** When it came, ms since epoch. */
  at: number
}

export interface Opened {
  /** The body proper; undefined when there is none. */
  data: unknown
  notices: Notice[]
}

/** Takes the envelope off an answer, whichever generation it is; throws an InferenceError for refusals. */
export function openEnvelope(answer: Answer): Opened {
  const { status, text } = answer
  const empty = text.trim() === ''
  let body: unknown
  if (!empty)
    try {
      body = parseExact(withinDepth(text))
    } catch {
      throw status >= 200 && status < 300 ? foreignAnswer(answer) : errorOf(answer, undefined)
    }
  if (status < 200 || status >= 300) throw errorOf(answer, body)
  if (empty || status === 204) return { data: undefined, notices: [] }
  if (!isRecord(body)) return { data: body, notices: [] }
  if (typeof own(body, 'success') === 'boolean') {
    if (body['success'] === false) throw errorOf(answer, body)
    return { data: own(body, 'data'), notices: noticesOf(own(body, 'messages')) }
  }
  if (Object.hasOwn(body, 'data') && !Object.hasOwn(body, 'id'))
    return { data: own(body, 'data'), notices: noticesOf(own(body, 'messages')) }
  return { data: body, notices: [] }
}

function noticesOf(messages: unknown): Notice[] {
  if (!Array.isArray(messages)) return []
  return messages.flatMap((entry: unknown) => {
    const message = isRecord(entry) ? textOf(own(entry, 'message')) : null
    if (!isRecord(entry) || message === null) return []
    const meta = own(entry, 'meta')
    return [
      {
        level: textOf(own(entry, 'level')) ?? 'info',
        code: textOf(own(entry, 'code')),
        message: readable(message) ?? 'A remark that cannot be shown.',
        meta: isRecord(meta) ? meta : null,
      },
    ]
  })
}

/** The error that an answer is. */
function errorOf(answer: Answer, body: unknown): InferenceError {
  const record = isRecord(body) ? body : {}
  const said = finiteOf(own(record, 'status'))
  // An older envelope tells of a failure under HTTP 200.
  const status = answer.status >= 400 || said === null || said < 400 ? answer.status : said
  const code = codeOf(record)
  const metaField = own(record, 'meta')
  const meta = isRecord(metaField) ? metaField : null
  const requirements = status === 412 ? requirementsOf(record) : []
  const kind = kindOf(status, code, meta, requirements)
  const message =
    requirements.map((requirement) => requirement.message).join('; ') ||
    problemMessage(body === undefined ? answer.text : record) ||
    wordsOf(status, answer.text)
  return new InferenceError(kind, message, {
    status,
    code,
    requirements,
    meta,
    retryAfterMs: retryAfter(answer),
  })
}

function kindOf(
  status: number,
  code: string | null,
  meta: WireRecord | null,
  requirements: readonly Requirement[],
): InferenceErrorKind {
  switch (status) {
    case 401:
      return 'key'
    case 402:
      return 'balance'
    case 403:
      if (code === 'otp_required') return 'otp'
      if (code === 'account_deactivated' || code === 'account_banned') return 'account'
      return isPlanLimit(meta) ? 'plan' : 'scope'
    case 404:
      return 'missing'
    case 408:
      return 'timeout'
    case 409:
      return 'conflict'
    case 410:
      return 'gone'
    case 412:
      return requirements.length > 0 ? 'requirements' : 'invalid'
    case 422:
      return code === 'task_failed' || code === 'task_cancelled' ? 'task' : 'invalid'
    case 429:
      return isPlanLimit(meta) ? 'plan' : 'rate'
    default:
      if (status >= 500) return 'server'
      return status >= 300 && status < 400 ? 'redirect' : 'invalid'
  }
}

/** A limit that no waiting lifts: `{resource: concurrency, …}`. One on requests per time passes. */
function isPlanLimit(meta: WireRecord | null): boolean {
  const resource = meta && textOf(own(meta, 'resource'))
  return resource !== null && !/rate|per_(?:sec|min|hour|day)/.test(resource)
}

function codeOf(record: WireRecord): string | null {
  const error = own(record, 'error')
  const type = textOf(own(record, 'type'))
  return (
    (isRecord(error) ? textOf(own(error, 'code')) : null) ??
    (type === null ? textOf(own(record, 'code')) : (textOf(type.split(/[/#:]/).at(-1)) ?? null))
  )
}

const LONGEST_MESSAGE = 2_000
const LONGEST_TEXT = 500

/**
 * The words in an error's body: detail, title, message, or a plain text. Null when there are none for people:
 * markup and JSON are not shown.
 */
export function problemMessage(body: unknown): string | null {
  if (typeof body === 'string') return readable(body.slice(0, LONGEST_TEXT))
  if (!isRecord(body)) return null
  const error = own(body, 'error')
  const words = [
    own(body, 'detail'),
    own(body, 'title'),
    isRecord(error) ? own(error, 'message') : error,
    own(body, 'message'),
  ]
  for (const word of words) {
    const text = typeof word === 'string' ? readable(word) : null
    if (text !== null) return text
  }
  return null
}

/** A text for people, or null for markup, JSON and nothing. */
function readable(text: string): string | null {
  const start = text.trim()
  if (start === '' || /^<(?:!doctype|!--|\?xml|html|head|body)/i.test(start)) return null
  if (/^[{[]\s*(?:["{[\]}]|$)/.test(start)) return null
  return bounded(start, LONGEST_MESSAGE)
}

function wordsOf(status: number, text: string): string {
  const what = text.trim() === '' ? 'an empty body' : looksLikeHtml(text) ? 'an HTML page' : 'no words'
  return `HTTP ${status} with ${what}`
}

function looksLikeHtml(text: string): boolean {
  return /^\s*<(?:!doctype|html|head|body)/i.test(text)
}

function foreignAnswer({ status, text }: Answer): InferenceError {
  const start = detached(text.trim().slice(0, 80)).replaceAll(/\s+/g, ' ')
  const what = looksLikeHtml(text) ? 'an HTML page' : `“${start}”`
  return new InferenceError(
    'foreign',
    `HTTP ${status} with ${what}: this does not look like the API of inference.sh`,
    { status },
  )
}

/** An app names a handful; more would be a mistake or worse. */
const MOST_REQUIREMENTS = 50
const LONGEST_NAME = 200

function requirementsOf(record: WireRecord): Requirement[] {
  const errors = own(record, 'errors')
  if (!Array.isArray(errors)) return []
  return errors.slice(0, MOST_REQUIREMENTS).flatMap((entry: unknown) => {
    if (!isRecord(entry)) return []
    const type = nameIn(entry, 'type') ?? 'requirement'
    const key = nameIn(entry, 'key') ?? ''
    const message = textOf(own(entry, 'message'))
    if (key === '' && message === null) return []
    return [
      {
        type,
        key,
        message: (message && readable(message)) ?? `${type} ${key} is missing`,
        action: actionOf(own(entry, 'action')),
      },
    ]
  })
}

function actionOf(action: unknown): Requirement['action'] {
  const type = isRecord(action) ? nameIn(action, 'type') : null
  if (!isRecord(action) || type === null) return null
  const scopes = own(action, 'scopes')
  const descriptions = own(action, 'scope_descriptions')
  return {
    type,
    provider: nameIn(action, 'provider'),
    provider_name: nameIn(action, 'provider_name'),
    scopes: (Array.isArray(scopes) ? scopes : [])
      .filter((scope): scope is string => typeof scope === 'string')
      .slice(0, MOST_REQUIREMENTS)
      .map((scope) => detached(scope.slice(0, LONGEST_NAME))),
    scope_descriptions: isRecord(descriptions)
      ? Object.fromEntries(
          Object.entries(descriptions)
            .slice(0, MOST_REQUIREMENTS)
            .flatMap(([scope, words]) =>
              typeof words === 'string'
                ? [[detached(scope.slice(0, LONGEST_NAME)), detached(words.slice(0, LONGEST_TEXT))]]
                : [],
            ),
        )
      : {},
  }
}

function nameIn(record: WireRecord, key: string): string | null {
  const name = textOf(own(record, key))
  return name === null ? null : detached(name.slice(0, LONGEST_NAME))
}

const LONGEST_WAIT_MS = 24 * 3_600_000

/** `Retry-After` in seconds or as a date, else the time that older pages name; null when neither is there. */
function retryAfter({ headers, at }: Answer): number | null {
  // A time of the server's is taken beside the server's own clock, where it tells it.
  const said = Date.parse(headers.get('date') ?? '')
  const now = Number.isNaN(said) ? at : said
  const named = headers.get('retry-after')?.trim()
  if (named) {
    if (/^\d+(?:\.\d+)?$/.test(named)) return withinDay(Number(named) * 1_000)
    const date = timeOf(named) ?? Date.parse(named)
    return Number.isNaN(date) ? null : withinDay(date - now)
  }
  const reset = headers.get('x-ratelimit-reset')?.trim()
  if (reset && /^\d{9,11}$/.test(reset)) return withinDay(Number(reset) * 1_000 - now)
  return null
}

function withinDay(ms: number): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(0, ms))
}
