import { deviceKey } from '#model/device.ts'
import { useAbsentDevice } from '#panels/device/absent-device.ts'
import type { DevicePanelKind, TaskPanelKind } from '#panels/catalogue.tsx'
import { useAbsentTask } from '#panels/task/absent-task.ts'
import { usePacedTaskState } from '#panels/task/use-paced.ts'
import { useKeptItem, useList } from '#streams/react.tsx'
import { whyNot } from '#model/capabilities.ts'
import { useCapabilities } from '#streams/use-can.ts'
import { Icon } from '#ui/icon.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { MoreBelow } from './more-below.tsx'
import { WALL_PERIOD_MS } from './wall-period.ts'

/** What a panel of a task shows. */
export function TaskPanelBody(props: { kind: TaskPanelKind; source: string; id: string }) {
  const { kind, source, id } = props
  const { Body, isTall, needs } = kind
  const { phase, task } = usePacedTaskState(source, id, WALL_PERIOD_MS)
  const capabilities = useCapabilities(source)
  const why = needs ? whyNot(capabilities, needs) : null
  if (phase === 'absent') return <AbsentTask source={source} id={id} />
  if (!task) return <Waiting className="p-4">Loading…</Waiting>
  if (why !== null) return <Nothing>{why}</Nothing>
  const body = <Body task={task} compact />
  return isTall ? <MoreBelow>{body}</MoreBelow> : body
}

/** What a panel of a device shows. */
export function DevicePanelBody(props: { kind: DevicePanelKind; source: string; id: string }) {
  const { kind, source, id } = props
  const { Body, isTall } = kind
  const { item: device } = useKeptItem('devices', deviceKey({ source, id }))
  const ready = useList('devices', (list) => list.ready)
  if (!device)
    return ready ? <AbsentDevice source={source} id={id} /> : <Waiting className="p-4">Loading…</Waiting>
  const body = <Body device={device} compact />
  return isTall ? <MoreBelow>{body}</MoreBelow> : body
}

function AbsentTask(props: { source: string; id: string }) {
  return <Nothing>{useAbsentTask(props.source, props.id).words}</Nothing>
}

function AbsentDevice(props: { source: string; id: string }) {
  return <Nothing>{useAbsentDevice(props.source, props.id).words}</Nothing>
}

/** Why there is nothing to show. */
function Nothing(props: { children: string }) {
  return (
    <p role="status" className="flex items-start gap-2 p-4 text-mute">
      <Icon name="question" size={14} className="mt-[3px] text-faint" />
      <span>{props.children}</span>
    </p>
  )
}
