import { useState } from 'react'
import { classes } from '#ui/classes.ts'

/** The newest picture that has loaded; the one before stays until then. Of a video the first frame. */
export function Refining(props: {
  url: string
  alt: string
  fit: 'object-contain' | 'object-cover'
  medium?: 'image' | 'video'
  onShown?: (url: string) => void
  onFailed?: (url: string) => void
}) {
  const { url, alt, fit, medium = 'image', onShown, onFailed } = props
  const [shown, setShown] = useState<string | null>(null)
  const layers = shown === null || shown === url ? [url] : [shown, url]
  return layers.map((each) => {
    const look = {
      onError: () => onFailed?.(each),
      className: classes('absolute inset-0 size-full', fit, each !== shown && 'opacity-0'),
    }
    const loaded = () => {
      setShown(each)
      onShown?.(each)
    }
    if (medium === 'video')
      return (
        <video
          key={each}
          // Some browsers draw no frame before one is asked for.
          src={`${each}#t=0.001`}
          muted
          playsInline
          disablePictureInPicture
          preload="metadata"
          tabIndex={-1}
          aria-hidden="true"
          onLoadedData={loaded}
          {...look}
        />
      )
    return (
      <img
        key={each}
        src={each}
        alt={each === (shown ?? url) ? alt : ''}
        decoding="async"
        referrerPolicy="no-referrer"
        draggable={false}
        onLoad={loaded}
        {...look}
      />
    )
  })
}
