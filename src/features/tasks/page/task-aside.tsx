import { formatCount } from '#lib/format.ts'
import { memo } from 'react'
import { isTerminal } from '#model/status.ts'
import type { Task, TaskDetail } from '#model/task.ts'
import { CommandList } from '#panels/task/command-list.tsx'
import { GapList } from '#panels/task/gap-list.tsx'
import { useNow } from '#streams/react.tsx'
import { useCan } from '#streams/use-can.ts'
import { Panel } from '#ui/panel.tsx'
import { RunFacts } from './run-facts.tsx'
import { Telemetry } from './telemetry.tsx'
import { TimeLimits } from './time-limits.tsx'

/** What is known beside the output: the run itself, what people asked of it, and what Weir missed. */
export function TaskAside(props: { task: Task }) {
  const { task } = props
  const hasRunFacts = useCan(task.source, 'runFacts')
  const hasTelemetry = useCan(task.source, 'telemetry')
  return (
    <div className="grid content-start gap-3">
      {hasRunFacts && <RunFacts task={task} />}
      {!isTerminal(task.status) && <TimeLimits task={task} />}
      <Commands commands={task.detail.commands} />
      {task.gapCount > 0 && <Gaps gaps={task.detail.gaps} count={task.gapCount} />}
      {hasTelemetry && <Telemetry task={task} />}
      {task.detail.deviceIds.length > 0 && <Devices ids={task.detail.deviceIds} />}
    </div>
  )
}

const Commands = memo(function Commands(props: { commands: TaskDetail['commands'] }) {
  const now = useNow()
  const { commands } = props
  return (
    <Panel title="Commands" aside={commands.length > 0 ? String(commands.length) : undefined}>
      {commands.length === 0 ? (
        <p className="px-3 py-4 text-mute">Nothing has been asked of this task through Weir.</p>
      ) : (
        <CommandList
          commands={commands.toReversed()}
          now={now}
          className="max-h-[min(60dvh,620px)] overflow-y-auto"
        />
      )}
    </Panel>
  )
})

const Gaps = memo(function Gaps(props: { gaps: TaskDetail['gaps']; count: number }) {
  const now = useNow(60_000)
  return (
    <Panel title="Gaps" aside={formatCount(props.count)}>
      <GapList gaps={props.gaps} count={props.count} now={now} className="max-h-72 overflow-y-auto" />
    </Panel>
  )
})

function Devices(props: { ids: readonly string[] }) {
  return (
    <Panel title="Devices held">
      <ul className="flex flex-wrap gap-1.5 p-3">
        {props.ids.slice(0, 50).map((id) => (
          <li
            key={id}
            className="said-line max-w-full rounded-sm border border-line2 px-1.5 font-mono text-sm"
          >
            {id}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
