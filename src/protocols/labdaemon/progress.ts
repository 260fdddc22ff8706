import { NAN_MARK } from '#model/reading.ts'

/** Progress as a payload of a task's stream states it; null where it does not. */
export interface ProgressPayload {
  step: number | null
  total: number | null
  percent: number | null
  message: string | null
}

/**
 * Reads `{step, total, progress_percent, current_result, message}`, LabDaemon's convention for the streams of
 * tasks (LabDaemon wire contract §4). Also takes the documented envelope `{…, payload}` (§6). Tolerant:
 * numbers as text are numbers, NaN is nothing. Null when the payload is no progress at all.
 */
export function decodeProgress(body: unknown): ProgressPayload | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const record = body as Record<string, unknown>
  if ('payload' in record && 'device_id' in record) return decodeProgress(record['payload'])
  const step = numberOf(record['step'])
  const total = numberOf(record['total'])
  const percent = numberOf(record['progress_percent'])
  const raw = record['message']
  const message =
    raw === NAN_MARK
      ? 'NaN'
      : typeof raw === 'string'
        ? raw
        : raw === undefined || raw === null
          ? null
          : JSON.stringify(raw)
  if (step === null && total === null && percent === null && message === null) return null
  return { step, total: total !== null && total > 0 ? total : null, percent, message }
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}
