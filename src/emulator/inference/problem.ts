import type { JsonObject } from './wire.ts'

/** Titles of RFC 9457 answers (inference.sh wire contract §2). */
const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
}

export interface ProblemOptions {
  readonly title?: string
  readonly meta?: JsonObject
  readonly headers?: Record<string, string>
}

/** A request that is refused, thrown by whoever finds out (§2). */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly options: ProblemOptions

  constructor(status: number, code: string, detail: string, options: ProblemOptions = {}) {
    super(detail)
    this.status = status
    this.code = code
    this.options = options
  }

  toBody(): JsonObject {
    return {
      type: `https://api.inference.sh/errors/${this.code}`,
      title: this.options.title ?? TITLES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...(this.options.meta ? { meta: this.options.meta } : {}),
    }
  }
}

export const notFound = (what: string) => new Problem(404, 'not_found', what)
export const badRequest = (detail: string) => new Problem(400, 'invalid_request', detail)
export const invalid = (detail: string) => new Problem(422, 'validation_failed', detail)
