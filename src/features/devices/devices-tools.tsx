import type { RefObject } from 'react'
import { Select } from '#ui/field.tsx'
import { FilterBox } from '#ui/filter-box.tsx'
import { Icon, type IconName } from '#ui/icon.tsx'
import { Segmented } from '#ui/segmented.tsx'
import { ToggleChip } from '#ui/toggle-chip.tsx'
import { TONE_TEXT, type Tone } from '#ui/tone.ts'
import { DEVICE_STATES, toggleState, type DevicesSearch, type DeviceStateName } from './devices-query.ts'

const STATE_LOOKS: Record<DeviceStateName, { label: string; icon: IconName; tone: Tone }> = {
  connected: { label: 'Connected', icon: 'check', tone: 'ok' },
  streaming: { label: 'Streaming', icon: 'play', tone: 'run' },
  owned: { label: 'Owned', icon: 'tasks', tone: 'wait' },
  error: { label: 'With error', icon: 'warning', tone: 'bad' },
}

/** What the devices shown have to be, all of it. */
export function StateFilter(props: {
  /** Null until the devices are known. */
  counts: Record<DeviceStateName, number> | null
  /** Of these some are as last seen. */
  unsure: boolean
  pressed: ReadonlySet<DeviceStateName>
  onChange: (states: string) => void
}) {
  const { counts, unsure, pressed, onChange } = props
  return (
    <div
      role="group"
      aria-label="State"
      className="-m-0.5 flex min-w-0 gap-1.5 overflow-x-auto p-0.5 [scrollbar-width:none] max-sm:order-last max-sm:-mx-4 max-sm:basis-full max-sm:px-4"
    >
      {DEVICE_STATES.map((state) => {
        const { label, icon, tone } = STATE_LOOKS[state]
        return (
          <ToggleChip
            key={state}
            pressed={pressed.has(state)}
            count={counts?.[state]}
            unsure={unsure && counts !== null && counts[state] > 0}
            onToggle={() => {
              onChange(toggleState(pressed, state))
            }}
          >
            <Icon name={icon} size={12} className={counts?.[state] === 0 ? 'text-faint' : TONE_TEXT[tone]} />
            {label}
          </ToggleChip>
        )
      })}
    </div>
  )
}

/** Text, source and view: all of it is the URL's. */
export function DevicesTools(props: {
  q: string
  source: string
  view: 'grid' | 'table'
  sources: readonly string[]
  filterRef: RefObject<HTMLInputElement | null>
  onChange: (part: DevicesSearch) => void
}) {
  const { q, source, view, sources, filterRef, onChange } = props
  const named = source && !sources.includes(source) ? [...sources, source] : sources
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FilterBox
        label="Filter devices"
        value={q}
        filterRef={filterRef}
        onChange={(next) => {
          onChange({ q: next })
        }}
      />
      {named.length > 1 && (
        <Select
          shape="line"
          label="Source"
          value={source}
          options={[{ value: '', label: 'all' }, ...named.map((name) => ({ value: name, label: name }))]}
          onChange={(next) => {
            onChange({ source: next })
          }}
          className="max-w-[180px]"
        />
      )}
      <span className="ml-auto">
        <Segmented
          label="View"
          compact
          value={view}
          options={[
            { value: 'grid', label: 'Grid', icon: 'grid' },
            { value: 'table', label: 'Table', icon: 'table' },
          ]}
          onChange={(next) => {
            onChange({ view: next === 'table' ? 'table' : '' })
          }}
        />
      </span>
    </div>
  )
}
