import { useEffect, useRef } from 'react'
import { Select } from '#ui/field.tsx'
import { useNoStart } from './use-no-start.ts'

/** Where to start it; what is chosen decides which form follows. */
export function SourceSelect(props: {
  source: string
  sources: readonly string[]
  onChange: (source: string) => void
  /** Another source brings another form; the focus stays where it was. */
  focused: boolean
}) {
  const { focused } = props
  const others = useNoStart()
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!focused) return
    // After the dialog has put it elsewhere.
    const frame = requestAnimationFrame(() => ref.current?.querySelector('select')?.focus())
    return () => {
      cancelAnimationFrame(frame)
    }
  }, [focused])
  return (
    <div ref={ref} className="min-w-0">
      <Select
        label="Source"
        value={props.source}
        options={props.sources.map((name) => ({ value: name, label: name }))}
        onChange={props.onChange}
      />
      {others.map((why) => (
        <p key={why} className="said mt-1 text-sm text-faint">
          {why}
        </p>
      ))}
    </div>
  )
}
