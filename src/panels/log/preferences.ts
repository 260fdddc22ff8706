import { createStored } from '#ui/stored.ts'

/** How a person likes to read logs. */
export interface LogPreferences {
  wrap: boolean
  times: boolean
  utc: boolean
}

const DEFAULTS: LogPreferences = { wrap: false, times: true, utc: false }

/** What a log begins with: as a log was set last. */
export const logPreferences = createStored('weir:log', DEFAULTS, parse, { formerKey: 'weir.log' })

function parse(kept: unknown): LogPreferences {
  const stored = kept as Partial<Record<string, unknown>>
  const flag = (name: keyof LogPreferences) => {
    const value = stored[name]
    return typeof value === 'boolean' ? value : DEFAULTS[name]
  }
  return { wrap: flag('wrap'), times: flag('times'), utc: flag('utc') }
}
