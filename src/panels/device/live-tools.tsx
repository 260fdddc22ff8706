import { isComposing } from '#ui/composing.ts'
import { useRef, useState, useSyncExternalStore } from 'react'
import { formatCount } from '#lib/format.ts'
import type { DeviceStore } from './device-store.ts'
import { useAgeNow, useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button, IconButton } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { Select } from '#ui/field.tsx'
import { Icon } from '#ui/icon.tsx'
import { Segmented } from '#ui/segmented.tsx'
import type { SampleLoader } from '../plot/sample-loader.ts'
import { setText } from '../plot/text-painter.ts'
import type { TimeAxis } from '../plot/time-axis.ts'
import { formatAge, formatRange, formatTime, zoneName } from '../plot/time-words.ts'
import { usePainter } from '../plot/use-painter.ts'
import { formatSpan, parseSpan, SPANS } from '../plot/view.ts'
import type { LivePreferences } from './live-preferences.ts'
import type { LiveSubject } from './live-subject.ts'

const ZOOM_STEP = 2
const PAN_STEP = 0.25
/** Messages that wait are counted so often, ms; the range is written so often. */
const EVERY_MS = 200

/** What steers all plots of a device: pause and live, span, moving about, and what is shown of the time. */
export function LiveTools(props: {
  device: Pick<LiveSubject, 'kind' | 'source' | 'id' | 'rate'>
  /** Little room: one row, the rest when asked for. */
  compact: boolean
  store: DeviceStore
  axis: TimeAxis
  streaming: boolean
  preferences: LivePreferences
  /** How arrays are shown; null while there are none. */
  arrays: 'replace' | 'append' | null
  loader: SampleLoader
  onPrefer: (change: Partial<LivePreferences>) => void
}) {
  const { device, compact, store, axis, streaming, preferences, arrays, loader, onPrefer } = props
  const weir = useWeir()
  const { loading, error, exactFrom } = useSyncExternalStore(loader.subscribe, loader.state)
  const streams = useStreams()
  // Ages go on where nothing comes.
  useAgeNow(5_000)
  const { live, span } = useSyncExternalStore(axis.subscribe, axis.state)
  const [unfolded, setUnfolded] = useState(false)
  const csv = useRef<HTMLAnchorElement>(null)
  const csvUrl = () => {
    const { from, to } = axis.view()
    return weir.samplesCsvUrl(device, Math.floor(from), Math.ceil(to))
  }
  const { ref: rangeRef } = usePainter<HTMLElement>(
    (element) => {
      const { from, to } = axis.view()
      // Whoever copies the address gets what is in view, too.
      if (csv.current) csv.current.href = csvUrl()
      setText(element, formatRange(from, to, preferences.utc, streams.now()))
    },
    () => live && streaming,
    EVERY_MS,
  )
  const { ref: ageRef } = usePainter<HTMLElement>(
    (element) => {
      const { eventAt } = store.store.getState().record
      const ms = eventAt === null ? null : streams.now() - eventAt
      const quiet = ms !== null && ms > Math.max(5_000, 20_000 / Math.max(device.rate ?? 0, 0.01))
      setText(element, ms !== null && (quiet || !streaming) ? `last value ${formatAge(ms)} ago` : '')
    },
    () => streaming,
    1_000,
  )
  // Controls that wait behind "More controls": in a narrow panel, and always where room is little.
  const steps = compact ? 'hidden' : '@max-[560px]/live:hidden'
  const more = compact ? '' : '@min-[561px]/live:hidden'
  const range = <span ref={rangeRef} className="said-line" />
  const age = <span ref={ageRef} className="shrink-0 text-warn" />
  const words = !live || loading !== null || exactFrom !== null || error !== null
  return (
    <div className={classes('border-b border-line', compact ? 'px-2 py-0.5' : 'px-3 py-1.5')}>
      <div className={classes('flex items-center gap-x-2 gap-y-1.5', (!compact || unfolded) && 'flex-wrap')}>
        <PauseOrLive axis={axis} live={live} compact={compact} />
        <SpanSelect span={span} onSpan={(ms) => axis.setSpan(ms)} />
        <span className={steps}>
          <Steps axis={axis} />
        </span>
        {compact && (
          <span className="flex min-w-0 items-center gap-2 text-sm text-mute">
            {range}
            {age}
          </span>
        )}
        <span className="ml-auto flex shrink-0 items-center gap-2">
          <IconButton
            icon="more"
            label="More controls"
            aria-expanded={unfolded}
            onClick={() => {
              setUnfolded(!unfolded)
            }}
            className={more}
          />
          <span className={unfolded ? 'contents' : classes('contents', steps)}>
            {arrays && (
              <Segmented
                label="Each new array"
                value={arrays}
                options={[
                  { value: 'replace', label: 'Replace' },
                  { value: 'append', label: 'Append' },
                ]}
                onChange={(value) => {
                  onPrefer({ arrays: value })
                }}
              />
            )}
            <Button
              small
              look="quiet"
              aria-pressed={preferences.stats}
              onClick={() => {
                onPrefer(compact ? { statsCompact: !preferences.stats } : { stats: !preferences.stats })
              }}
              className="aria-pressed:bg-sel aria-pressed:text-ink"
            >
              Statistics
            </Button>
            <a
              ref={csv}
              href={csvUrl()}
              download
              title="All samples of the time in view that Weir's relay keeps, as CSV"
              onClick={(event) => {
                event.currentTarget.href = csvUrl()
              }}
              className="inline-flex h-6 items-center gap-1.5 rounded-md px-2 text-sm text-mute hover:bg-hover hover:text-ink"
            >
              <Icon name="download" size={14} />
              CSV
            </a>
          </span>
        </span>
        {unfolded && (
          <span className={more}>
            <Steps axis={axis} />
          </span>
        )}
      </div>
      {(!compact || unfolded || words) && (
        <div className="mt-1 flex min-h-6 flex-wrap items-center gap-x-3 text-sm text-mute">
          {!compact && range}
          <button
            type="button"
            className="min-h-6 rounded-sm px-1 text-faint underline decoration-dotted underline-offset-2 hover:text-ink"
            title={preferences.utc ? 'Times in UTC; press for local time' : 'Local time; press for UTC'}
            onClick={() => {
              onPrefer({ utc: !preferences.utc })
            }}
          >
            {zoneName(preferences.utc)}
          </button>
          {!live && <Scrubber store={store} axis={axis} />}
          {!live && <Waiting store={store} streaming={streaming} />}
          {loading && (
            <span className="text-faint">
              loading {loading === 'earlier' ? 'earlier samples' : 'all samples'}…
            </span>
          )}
          {exactFrom !== null && !loading && (
            <span className="text-faint">
              thinned: Weir has every sample from {formatTime(exactFrom, preferences.utc)} on
            </span>
          )}
          {error !== null && <span className="text-warn">Samples were not read: {error}</span>}
          {!compact && age}
        </div>
      )}
    </div>
  )
}

function PauseOrLive({ axis, live, compact }: { axis: TimeAxis; live: boolean; compact: boolean }) {
  const change = () => {
    if (live) axis.pause()
    else axis.goLive()
  }
  const icon = live ? 'pause' : 'play'
  const label = live ? 'Pause' : 'Live'
  if (compact)
    return (
      <IconButton icon={icon} label={label} onClick={change} className={live ? '' : 'bg-sel text-accent'} />
    )
  return (
    <Button icon={icon} small look={live ? 'plain' : 'accent'} onClick={change} className="min-w-20">
      {label}
    </Button>
  )
}

/** How much came since the view stands still. */
function Waiting({ store, streaming }: { store: DeviceStore; streaming: boolean }) {
  const messages = () => store.store.getState().record.messages
  const [before] = useState(messages)
  const { ref } = usePainter<HTMLElement>(
    (element) => {
      const waiting = messages() - before
      setText(element, waiting > 0 ? `paused, ${formatCount(waiting)} messages wait` : 'paused')
    },
    () => streaming,
    EVERY_MS,
  )
  return <span ref={ref} className="text-accent" />
}

/** Where in all that was received the view ends. */
function Scrubber({ store, axis }: { store: DeviceStore; axis: TimeAxis }) {
  const { to, span } = useSyncExternalStore(axis.subscribe, axis.state)
  const streams = useStreams()
  const first = store.store.getState().record.firstAt ?? to
  return (
    <input
      type="range"
      aria-label="Scrub"
      aria-valuetext={formatRange(to - span, to, false, streams.now())}
      min={Math.min(first, to)}
      max={Math.max(to, axis.edge())}
      step="any"
      value={to}
      onChange={(event) => {
        const end = Number(event.target.value)
        axis.show({ from: end - span, to: end })
      }}
      className="h-6 w-40 accent-accent"
    />
  )
}

function Steps({ axis }: { axis: TimeAxis }) {
  const pan = (way: number) => {
    axis.panBy(way * axis.state().span * PAN_STEP)
  }
  return (
    <span className="inline-flex items-center" role="group" aria-label="View">
      <IconButton icon="chevronLeft" label="Earlier" title="Earlier (←, or drag)" onClick={() => pan(-1)} />
      <IconButton icon="chevronRight" label="Later" title="Later (→, or drag)" onClick={() => pan(1)} />
      <Sign
        label="Zoom out"
        title="Zoom out (−, or the wheel on a plot)"
        sign="−"
        onPress={() => axis.zoomBy(ZOOM_STEP)}
      />
      <Sign
        label="Zoom in"
        title="Zoom in (+, or the wheel on a plot)"
        sign="+"
        onPress={() => axis.zoomBy(1 / ZOOM_STEP)}
      />
      <IconButton
        icon="refresh"
        label="Reset view"
        title="Reset view (Home, or double click on a plot)"
        onClick={() => axis.reset()}
      />
    </span>
  )
}

function Sign(props: { label: string; title: string; sign: string; onPress: () => void }) {
  return (
    <Button
      look="quiet"
      aria-label={props.label}
      title={props.title}
      onClick={props.onPress}
      className="size-[26px] px-0! text-lg"
    >
      {props.sign}
    </Button>
  )
}

/** The span of time: one of a few, or any other. */
function SpanSelect(props: { span: number; onSpan: (ms: number) => void }) {
  const { span, onSpan } = props
  const [draft, setDraft] = useState<string | null>(null)
  const [left, setLeft] = useState('')
  const parsed = draft === null ? null : parseSpan(draft)
  if (draft !== null)
    return (
      <form
        className="inline-flex items-center gap-1"
        onSubmit={(event) => {
          event.preventDefault()
          if (parsed === null) return
          onSpan(parsed)
          setDraft(null)
        }}
      >
        <input
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- it takes the place of the list that was just used
          autoFocus
          aria-label="Window, such as 90 s or 2 h"
          aria-invalid={draft !== '' && parsed === null}
          value={draft}
          onChange={(event) => {
            setDraft(event.target.value)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || isComposing(event)) return
            // What was typed is there the next time.
            setLeft(draft)
            setDraft(null)
          }}
          placeholder="90 s, 2 h"
          className="h-7 w-24 rounded-md border border-edge bg-bg px-2 aria-invalid:border-bad"
        />
        <Button small disabled={parsed === null} type="submit">
          Set
        </Button>
      </form>
    )
  const spans = SPANS.includes(span) ? SPANS : [...SPANS, span].sort((a, b) => a - b)
  return (
    <Select
      shape="line"
      className="shrink-0"
      label="Window"
      value={String(span)}
      options={[
        ...spans.map((ms) => ({ value: String(ms), label: formatSpan(ms) })),
        { value: 'other', label: 'Other…' },
      ]}
      onChange={(value) => {
        if (value === 'other') setDraft(left)
        else onSpan(Number(value))
      }}
    />
  )
}
