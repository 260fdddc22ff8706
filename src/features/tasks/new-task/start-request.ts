import { isJsonObject } from '#lib/exact-json.ts'
import { parseJson } from '#lib/json.ts'
import { startRequest, type StartAnswer, type StartRequest } from '#protocols/weir/api.ts'
import type { Refusal } from '#panels/command/refusal.ts'

/** The form as it is filled in. */
export interface Draft {
  source: string
  type: string
  id: string
  params: string
  stream: boolean
  copies: string
}

export type Field = 'source' | 'type' | 'id' | 'params' | 'copies'

export type Request =
  { ok: true; request: StartRequest } | { ok: false; errors: Partial<Record<Field, string>> }

/** The request a form asks for, or what is wrong with each field. */
export function requestOf(draft: Draft): Request {
  const errors: Partial<Record<Field, string>> = {}
  if (!draft.source) errors.source = 'choose where to start it'
  const params = paramsOf(draft.params)
  if (typeof params === 'string') errors.params = params
  const request = {
    id: draft.id.trim(),
    type: draft.type.trim(),
    params: typeof params === 'string' ? {} : draft.stream ? { ...params, enable_streaming: true } : params,
    copies: Number(draft.copies),
  }
  const checked = startRequest.safeParse(request)
  if (!checked.success)
    for (const issue of checked.error.issues) {
      const field = issue.path[0]
      if (field === 'id' || field === 'type' || field === 'copies')
        errors[field] ??= field === 'copies' ? 'a whole number from 1 to 200' : issue.message
    }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, request }
}

/** The parameters, or why they are none; an empty text stands for no parameters. */
export function paramsOf(text: string): Record<string, unknown> | string {
  if (text.trim() === '') return {}
  const result = parseJson(text)
  if (!result.ok) return `Line ${result.error.line}, column ${result.error.column}: ${result.error.message}`
  const { value } = result
  if (!isJsonObject(value))
    return 'Parameters are an object: names in double quotes and their values, in braces'
  return value
}

/** Which began, and what was said of those that did not. */
export function outcomeOf(answer: StartAnswer): {
  begun: string[]
  refused: { id: string; refusal: Refusal }[]
} {
  const begun: string[] = []
  const refused: { id: string; refusal: Refusal }[] = []
  for (const { id, command } of answer.started)
    if (command.error) refused.push({ id, refusal: command.error })
    else begun.push(id)
  return { begun, refused }
}
