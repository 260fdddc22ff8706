import { isJsonObject } from '#lib/exact-json.ts'
import { parseJson } from '#lib/json.ts'
import { addDeviceRequest, type AddDeviceRequest } from '#protocols/weir/api.ts'

/** The form as it is filled in. */
export interface AddDraft {
  id: string
  type: string
  params: string
}

export type AddErrors = Partial<Record<keyof AddDraft, string>>

/** The request a form asks for, or what is wrong with each field. */
export function addRequestOf(
  draft: AddDraft,
): { ok: true; request: AddDeviceRequest } | { ok: false; errors: AddErrors } {
  const errors: AddErrors = {}
  const params = paramsOf(draft.params)
  if (typeof params === 'string') errors.params = params
  const request = {
    id: draft.id.trim(),
    type: draft.type.trim(),
    params: typeof params === 'string' ? {} : params,
  }
  const checked = addDeviceRequest.safeParse(request)
  if (!checked.success)
    for (const issue of checked.error.issues) {
      const field = issue.path[0]
      if (field === 'id' || field === 'type') errors[field] ??= issue.message
    }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, request }
}

/** The parameters, or why they are none; an empty text stands for no parameters. */
function paramsOf(text: string): Record<string, unknown> | string {
  if (text.trim() === '') return {}
  const result = parseJson(text)
  if (!result.ok) return `Line ${result.error.line}, column ${result.error.column}: ${result.error.message}`
  const { value } = result
  return isJsonObject(value)
    ? value
    : 'Parameters are an object: names in double quotes and their values, in braces'
}
