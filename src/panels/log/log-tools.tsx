import { Icon } from './icons.tsx'
import { Toggle } from './log-find.tsx'
import type { LogPreferences } from './preferences.ts'
import { lines } from './words.ts'

interface LogToolsProps {
  preferences: LogPreferences
  zone: string
  follow: boolean
  empty: boolean
  selected: number
  onPrefer(change: Partial<LogPreferences>): void
  onFollow(follow: boolean): void
  onCopy(): void
  onDownload(): void
}

/** How lines are shown, and what can be done with them. */
export function LogTools({
  preferences,
  zone,
  follow,
  empty,
  selected,
  onPrefer,
  onFollow,
  onCopy,
  onDownload,
}: LogToolsProps) {
  return (
    <>
      <div className="log-group">
        <Toggle label="Wrap lines" pressed={preferences.wrap} onPress={(wrap) => onPrefer({ wrap })}>
          <Icon name="wrap" />
        </Toggle>
        <Toggle label="Show times" pressed={preferences.times} onPress={(times) => onPrefer({ times })}>
          <Icon name="clock" />
        </Toggle>
        {preferences.times && (
          <button
            type="button"
            className="log-button"
            aria-label={`Times in ${zone}; switch to ${preferences.utc ? 'local time' : 'UTC'}`}
            title={
              preferences.utc
                ? 'Times in UTC; switch to local time'
                : `Times in ${zone} (local); switch to UTC`
            }
            onClick={() => onPrefer({ utc: !preferences.utc })}
          >
            {zone}
          </button>
        )}
      </div>
      <button
        type="button"
        className="log-switch"
        role="switch"
        aria-checked={follow}
        onClick={() => onFollow(!follow)}
      >
        <i aria-hidden="true" />
        Follow
      </button>
      <div className="log-group">
        <button
          type="button"
          className="log-button"
          aria-label="Copy"
          title={selected > 0 ? `Copy ${lines(selected)}` : 'Copy all lines'}
          disabled={empty}
          onClick={onCopy}
        >
          <Icon name="copy" />
          <span className="log-word">Copy</span>
        </button>
        <button
          type="button"
          className="log-button"
          aria-label="Download"
          title="Download all lines"
          disabled={empty}
          onClick={onDownload}
        >
          <Icon name="download" />
          <span className="log-word">Download</span>
        </button>
      </div>
    </>
  )
}
