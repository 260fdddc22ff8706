import { useMemo, useState } from 'react'
import { formatBytes } from '#lib/format.ts'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { splitText } from './split-text.ts'

const PART = 20_000
const PARTS_AT_ONCE = 20

/** Text of any length, in parts of which the browser lays out only those in sight. */
export function TextView(props: { text: string; label: string; className?: string }) {
  const { text, label, className } = props
  const parts = useMemo(() => splitText(text, PART), [text])
  const [shown, setShown] = useState(PARTS_AT_ONCE)
  const rest = parts.slice(shown).reduce((sum, part) => sum + part.length, 0)
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className={classes('overflow-auto py-2 focus-visible:-outline-offset-2', className)}
    >
      {parts.slice(0, shown).map((part, i) => (
        <pre
          key={i}
          className="said px-3 font-mono text-sm whitespace-pre-wrap [content-visibility:auto] [contain-intrinsic-size:auto_4000px]"
        >
          {part}
        </pre>
      ))}
      {rest > 0 && (
        <p className="flex items-center gap-3 px-3 py-2 text-sm text-faint">
          <Button
            small
            onClick={() => {
              setShown(shown + PARTS_AT_ONCE)
            }}
          >
            Show more
          </Button>
          {formatBytes(rest)} more
        </p>
      )}
    </div>
  )
}
