import { useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { taskKey, type TaskSummary } from '#model/task.ts'
import { pace } from '#panels/task/use-paced.ts'
import { useStreams } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { Checkbox, FIELD } from '#ui/field.tsx'
import { Segmented } from '#ui/segmented.tsx'
import { classes } from '#ui/classes.ts'
import { findTasks } from './find-tasks.ts'
import { PANEL_KINDS, panelKey, type PanelKind, type PanelTarget, type WallLayout } from './layout.ts'
import { TaskChoice } from './task-choice.tsx'
import { KIND_LABELS } from './wall-panel.tsx'

const SHOWN = 60
const ALL_AT_MOST = 48

/** Chooses what to put on the wall: first how it is shown, then whose. */
export function AddPanelDialog(props: {
  panels: WallLayout
  onAdd: (targets: PanelTarget[]) => void
  onClose: () => void
}) {
  const { panels, onAdd, onClose } = props
  const [kind, setKind] = useState<PanelKind>('log')
  const [text, setText] = useState('')
  const [several, setSeveral] = useState(false)
  const { ready, items } = useTasksNow()
  const wanted = useDeferredValue(text)
  const found = useMemo(() => findTasks(items.values(), wanted), [items, wanted])
  const there = useMemo(() => new Set(panels.map(panelKey)), [panels])
  const targetOf = (task: TaskSummary): PanelTarget => ({ kind, source: task.source, id: task.id })
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
            options={PANEL_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }))}
            onChange={setKind}
          />
        </div>
        <input
          type="search"
          aria-label="Search tasks"
          placeholder="Search tasks by name, source, type or status"
          // The dialog focuses what carries the attribute; React's own prop leaves none.
          ref={(input) => input?.setAttribute('autofocus', '')}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
          }}
          onKeyDown={(event) => {
            const [first] = findTasks(items.values(), text)
            if (event.key === 'Enter' && first) choose([targetOf(first)])
          }}
          className={classes(FIELD, 'h-8')}
        />
        <ul aria-label="Tasks" className="-mx-2 h-[min(46vh,420px)] overflow-y-auto">
          {found.slice(0, SHOWN).map((task) => (
            <TaskChoice
              key={taskKey(task)}
              task={task}
              shown={there.has(panelKey(targetOf(task)))}
              onChoose={() => {
                choose([targetOf(task)])
              }}
            />
          ))}
          {found.length > SHOWN && (
            <li className="px-2 py-2 text-sm text-faint">
              and {(found.length - SHOWN).toLocaleString('en')} more: search to find them
            </li>
          )}
          {found.length === 0 && (
            <li className="px-2 py-8 text-center text-mute">
              {!ready
                ? 'Loading tasks…'
                : items.size === 0
                  ? 'No task has been seen yet. Start one with “New task”.'
                  : 'No task matches.'}
            </li>
          )}
        </ul>
      </div>
    </Dialog>
  )
}

/** The tasks as they stand, anew twice a second: a chooser must hold still. */
function useTasksNow() {
  const streams = useStreams()
  useEffect(() => streams.watchList('tasks'), [streams])
  const paced = useMemo(() => pace(streams.list('tasks').store, 500), [streams])
  return useSyncExternalStore(paced.subscribe, paced.get)
}
