/** How a person likes to read logs; kept in the browser. */
export interface LogPreferences {
  wrap: boolean
  times: boolean
  utc: boolean
}

const KEY = 'weir.log'
const DEFAULTS: LogPreferences = { wrap: false, times: true, utc: false }

export function loadPreferences(): LogPreferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<string, unknown>>
    const flag = (name: keyof LogPreferences) => {
      const value = stored[name]
      return typeof value === 'boolean' ? value : DEFAULTS[name]
    }
    return { wrap: flag('wrap'), times: flag('times'), utc: flag('utc') }
  } catch {
    // Storage may be closed to us, or hold something else.
    return DEFAULTS
  }
}

export function savePreferences(preferences: LogPreferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences))
  } catch {
    // A preference that is forgotten is no reason to fail.
  }
}
