import { isComposing } from '#ui/composing.ts'
import { formatCount } from '#lib/format.ts'
import { useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Device } from '#model/device.ts'
import type { TaskSummary } from '#model/task.ts'
import { PANEL_KINDS, panelKind } from '#panels/catalogue.tsx'
import { pace } from '#panels/task/use-paced.ts'
import { useStreams } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { Checkbox, FIELD } from '#ui/field.tsx'
import { Segmented } from '#ui/segmented.tsx'
import { classes } from '#ui/classes.ts'
import { DeviceChoice } from './device-choice.tsx'
import { findDevices } from './find-devices.ts'
import { findTasks } from './find-tasks.ts'
import { panelKey, type PanelTarget, type WallLayout } from './layout.ts'
import { TaskChoice } from './task-choice.tsx'

const SHOWN = 60
const ALL_AT_MOST = 48
const NONE_YET = {
  task: 'No task has been seen yet. Start one with “New task”.',
  device: 'No source has listed a device yet.',
}

/** Chooses what to put on the wall: first how it is shown, then whose. */
export function AddPanelDialog(props: {
  panels: WallLayout
  onAdd: (targets: PanelTarget[]) => void
  onClose: () => void
}) {
  const { panels, onAdd, onClose } = props
  const [kind, setKind] = useState(PANEL_KINDS[0]!.id)
  const [text, setText] = useState('')
  const [several, setSeveral] = useState(false)
  const tasks = useListNow('tasks')
  const devices = useListNow('devices')
  const wanted = useDeferredValue(text)
  const { of } = panelKind(kind)!
  const find = (words: string): readonly (TaskSummary | Device)[] =>
    of === 'devices' ? findDevices(devices.items.values(), words) : findTasks(tasks.items.values(), words)
  const found = find(wanted)
  const what = of === 'devices' ? 'device' : 'task'
  const { ready, items } = of === 'devices' ? devices : tasks
  const there = useMemo(() => new Set(panels.map(panelKey)), [panels])
  const targetOf = (each: TaskSummary | Device): PanelTarget => ({ kind, source: each.source, id: each.id })
  const missing = found.map(targetOf).filter((target) => !there.has(panelKey(target)))
  const choose = (targets: PanelTarget[]) => {
    onAdd(targets)
    if (!several) onClose()
  }
  return (
    <Dialog
      title="Add panel"
      wide
      onClose={onClose}
      footer={
        <div className="flex w-full flex-wrap items-center justify-between gap-3">
          <Checkbox label="Keep open to add several" checked={several} onChange={setSeveral} />
          {wanted !== '' && missing.length > 1 && missing.length <= ALL_AT_MOST && (
            <Button
              onClick={() => {
                choose(missing)
              }}
            >
              Add all {missing.length}
            </Button>
          )}
        </div>
      }
    >
      <div className="grid gap-3">
        <div>
          <Segmented
            label="Show"
            value={kind}
            options={PANEL_KINDS.map(({ id, title, icon }) => ({ value: id, label: title, icon }))}
            onChange={setKind}
          />
        </div>
        <input
          type="search"
          aria-label={`Search ${what}s`}
          placeholder={`Search ${what}s by name, source${what === 'task' ? ', type or status' : ' or type'}`}
          // The dialog focuses what carries the attribute; React's own prop leaves none.
          ref={(input) => input?.setAttribute('autofocus', '')}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
          }}
          onKeyDown={(event) => {
            const [first] = find(text)
            if (event.key === 'Enter' && !isComposing(event) && first) choose([targetOf(first)])
          }}
          className={classes(FIELD, 'h-8')}
        />
        <ul
          aria-label={what === 'task' ? 'Tasks' : 'Devices'}
          className="-mx-2 h-[min(46vh,420px)] overflow-y-auto"
        >
          {found.slice(0, SHOWN).map((each) => {
            const target = targetOf(each)
            const shared = {
              shown: there.has(panelKey(target)),
              onChoose: () => {
                choose([target])
              },
            }
            return 'status' in each ? (
              <TaskChoice key={panelKey(target)} task={each} {...shared} />
            ) : (
              <DeviceChoice key={panelKey(target)} device={each} {...shared} />
            )
          })}
          {found.length > SHOWN && (
            <li className="px-2 py-2 text-sm text-faint">
              and {formatCount(found.length - SHOWN)} more: search to find them
            </li>
          )}
          {found.length === 0 && (
            <li className="px-2 py-8 text-center text-mute">
              {!ready ? `Loading ${what}s…` : items.size === 0 ? NONE_YET[what] : `No ${what} matches.`}
            </li>
          )}
        </ul>
      </div>
    </Dialog>
  )
}

/** A list as it stands, anew twice a second: a chooser must hold still. */
function useListNow<K extends 'tasks' | 'devices'>(topic: K) {
  const streams = useStreams()
  useEffect(() => streams.watchList(topic), [streams, topic])
  const paced = useMemo(() => pace(streams.list(topic).store, 500), [streams, topic])
  return useSyncExternalStore(paced.subscribe, paced.get)
}
