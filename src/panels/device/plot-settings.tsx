import { useState } from 'react'
import type { Channel } from '#model/device-events.ts'
import { Button, IconButton } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { Select, TextField } from '#ui/field.tsx'
import { Segmented } from '#ui/segmented.tsx'
import type { Threshold } from '../plot/thresholds.ts'
import type { YScale } from '../plot/y-range.ts'
import { channelKey, channelName, unitFor, type ChannelGroup } from './group-channels.ts'
import { readPlotDraft, type PlotDraft, type ThresholdDraft } from './plot-draft.ts'
import type { PlotPreferences } from './live-preferences.ts'

/** Scale, units and thresholds of one plot. */
export function PlotSettings(props: {
  group: ChannelGroup
  plot: PlotPreferences
  units: Readonly<Record<string, string>>
  /** What the axis shows now: where fixed bounds begin from. */
  range: { min: number; max: number } | null
  onSave: (plot: PlotPreferences, units: Readonly<Record<string, string>>) => void
  onClose: () => void
}) {
  const { group, plot, units, range, onSave, onClose } = props
  const [draft, setDraft] = useState<PlotDraft>(() => draftOf(plot, range))
  const [unitDrafts, setUnitDrafts] = useState(() =>
    group.channels.map((channel) => unitFor(channel, units) ?? ''),
  )
  const read = readPlotDraft(draft)
  const change = (part: Partial<PlotDraft>) => {
    setDraft({ ...draft, ...part })
  }
  const changeThreshold = (at: number, part: Partial<ThresholdDraft>) => {
    change({ thresholds: draft.thresholds.map((each, i) => (i === at ? { ...each, ...part } : each)) })
  }
  return (
    <Dialog
      title={`Plot of ${group.title}`}
      wide
      guarded
      onClose={onClose}
      onSubmit={() => {
        if (!read.plot) return
        onSave(read.plot, unitsOf(group.channels, unitDrafts, units))
      }}
      footer={
        <>
          <Button
            look="quiet"
            className="mr-auto"
            onClick={() => {
              setDraft(draftOf({ scale: { mode: 'auto' }, thresholds: [] }, range))
              setUnitDrafts(group.channels.map(({ unit }) => unit ?? ''))
            }}
          >
            As at first
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={!read.plot}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <fieldset className="grid gap-2">
          <legend className="mb-1 font-medium">Scale</legend>
          <div>
            <Segmented<YScale['mode']>
              label="Scale"
              value={draft.mode}
              options={[
                { value: 'auto', label: 'Automatic' },
                { value: 'fixed', label: 'Fixed' },
                { value: 'log', label: 'Logarithmic' },
              ]}
              onChange={(mode) => {
                change({ mode })
              }}
            />
          </div>
          {draft.mode === 'fixed' && (
            <div className="grid grid-cols-2 gap-2">
              <TextField
                label="From"
                inputMode="decimal"
                value={draft.min}
                error={read.errors.min}
                onChange={(min) => {
                  change({ min })
                }}
              />
              <TextField
                label="To"
                inputMode="decimal"
                value={draft.max}
                error={read.errors.max}
                onChange={(max) => {
                  change({ max })
                }}
              />
            </div>
          )}
          {draft.mode === 'log' && (
            <p className="text-sm text-faint">Values of 0 and below have no place on it and are not drawn.</p>
          )}
        </fieldset>
        <fieldset className="grid gap-2">
          <legend className="mb-1 font-medium">Thresholds</legend>
          {draft.thresholds.map((each, i) => (
            <div
              key={i}
              className="grid grid-cols-[1fr_1fr_1.4fr_1fr_auto] items-start gap-2 max-sm:grid-cols-2"
            >
              <Select<Threshold['side']>
                label="Beyond is"
                value={each.side}
                options={[
                  { value: 'above', label: 'above' },
                  { value: 'below', label: 'below' },
                ]}
                onChange={(side) => {
                  changeThreshold(i, { side })
                }}
              />
              <TextField
                label="Value"
                inputMode="decimal"
                value={each.value}
                error={read.errors.thresholds[i] ?? null}
                onChange={(value) => {
                  changeThreshold(i, { value })
                }}
              />
              <TextField
                label="Name"
                value={each.label}
                maxLength={40}
                placeholder="limit"
                onChange={(label) => {
                  changeThreshold(i, { label })
                }}
              />
              <Select<Threshold['level']>
                label="Level"
                value={each.level}
                options={[
                  { value: 'warn', label: 'warning' },
                  { value: 'bad', label: 'bad' },
                ]}
                onChange={(level) => {
                  changeThreshold(i, { level })
                }}
              />
              <IconButton
                icon="trash"
                label={`Remove threshold ${i + 1}`}
                className="mt-6"
                onClick={() => {
                  change({ thresholds: draft.thresholds.filter((_, at) => at !== i) })
                }}
              />
            </div>
          ))}
          <div>
            <Button
              small
              icon="plus"
              onClick={() => {
                change({
                  thresholds: [...draft.thresholds, { value: '', label: '', level: 'warn', side: 'above' }],
                })
              }}
            >
              Add threshold
            </Button>
          </div>
        </fieldset>
        {!group.aside && (
          <fieldset className="grid gap-2">
            <legend className="mb-1 font-medium">Units</legend>
            <p className="text-sm text-faint">Channels of the same unit share a plot.</p>
            <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-2">
              {group.channels.map((channel, i) => (
                <TextField
                  key={channelKey(channel)}
                  label={`Unit of ${channelName(channel)}`}
                  value={unitDrafts[i]!}
                  maxLength={24}
                  onChange={(text) => {
                    setUnitDrafts(unitDrafts.map((each, at) => (at === i ? text : each)))
                  }}
                />
              ))}
            </div>
          </fieldset>
        )}
      </div>
    </Dialog>
  )
}

function draftOf(
  { scale, thresholds }: PlotPreferences,
  range: { min: number; max: number } | null,
): PlotDraft {
  const bounds = scale.mode === 'fixed' ? scale : (range ?? { min: 0, max: 1 })
  return {
    mode: scale.mode,
    min: String(bounds.min),
    max: String(bounds.max),
    thresholds: thresholds.map((each) => ({ ...each, value: String(each.value) })),
  }
}

/** Units as they are now to be kept: only those that are another than the name tells. */
function unitsOf(
  channels: readonly Channel[],
  drafts: readonly string[],
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const units = { ...before }
  for (const [i, channel] of channels.entries()) {
    const text = drafts[i]!.trim()
    if (text === (channel.unit ?? '')) delete units[channelKey(channel)]
    else units[channelKey(channel)] = text
  }
  return units
}
