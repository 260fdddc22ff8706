import { useEffect, useState } from 'react'
import { writeClipboard } from '#panels/log/clipboard.ts'
import { Button, IconButton } from '#ui/button.tsx'

type Outcome = 'copied' | 'failed' | null

/** Copies what `text` gives, and says whether it did. */
export function CopyButton(props: {
  text: () => string | Promise<string>
  /** The accessible name, and the word on it unless it is an icon alone. */
  label: string
  iconOnly?: boolean
  small?: boolean
}) {
  const { text, label, iconOnly = false, small = false } = props
  const [outcome, setOutcome] = useState<Outcome>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => {
      setOutcome(null)
    }, 2_000)
    return () => {
      clearTimeout(timer)
    }
  }, [outcome])
  const copy = async () => {
    setBusy(true)
    try {
      setOutcome((await writeClipboard(await text())) ? 'copied' : 'failed')
    } catch {
      setOutcome('failed')
    }
    setBusy(false)
  }
  const icon = outcome === 'copied' ? 'check' : outcome === 'failed' ? 'warning' : 'copy'
  const words = outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Copying failed' : label
  return (
    <>
      {iconOnly ? (
        <IconButton icon={icon} label={label} title={words} busy={busy} onClick={() => void copy()} />
      ) : (
        <Button icon={icon} small={small} busy={busy} onClick={() => void copy()}>
          {words}
        </Button>
      )}
      <span role="status" className="sr-only">
        {outcome ? words : ''}
      </span>
    </>
  )
}
