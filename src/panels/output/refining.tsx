import { useState } from 'react'
import { classes } from '#ui/classes.ts'

/** The newest picture that has loaded; the one before stays until then. */
export function Refining(props: {
  url: string
  alt: string
  fit: 'object-contain' | 'object-cover'
  onShown?: (url: string) => void
  onFailed?: (url: string) => void
}) {
  const { url, alt, fit, onShown, onFailed } = props
  const [shown, setShown] = useState<string | null>(null)
  const layers = shown === null || shown === url ? [url] : [shown, url]
  return layers.map((each) => (
    <img
      key={each}
      src={each}
      alt={each === (shown ?? url) ? alt : ''}
      decoding="async"
      referrerPolicy="no-referrer"
      draggable={false}
      onLoad={() => {
        setShown(each)
        onShown?.(each)
      }}
      onError={() => onFailed?.(each)}
      className={classes('absolute inset-0 size-full', fit, each !== shown && 'opacity-0')}
    />
  ))
}
