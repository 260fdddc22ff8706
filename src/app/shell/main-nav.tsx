import { formatCount } from '#lib/format.ts'
import { Link } from '@tanstack/react-router'
import type { Device } from '#model/device.ts'
import { useList } from '#streams/react.tsx'
import { Icon, type IconName } from '#ui/icon.tsx'
import { IconButton } from '#ui/button.tsx'
import { PageMeter } from './page-meter.tsx'

const ITEM =
  'flex items-center rounded-md text-mute hover:bg-hover hover:text-ink ' +
  'max-md:flex-1 max-md:flex-col max-md:justify-center max-md:gap-0.5 max-md:py-1 max-md:text-xs ' +
  'md:gap-2.5 md:py-1.5 md:max-lg:h-9 md:max-lg:justify-center lg:px-2.5'
const ACTIVE = { className: 'bg-sel text-ink! font-medium max-md:bg-transparent max-md:text-accent!' }

/** The screens: a column on the left, a bar at the bottom of phones. */
export function MainNav(props: { onKeys: () => void }) {
  const tasks = useList('tasks', (state) => (state.ready ? state.items.size : null))
  const devices = useList('devices', (state) => (state.ready ? countDevices(state.items.values()) : null))
  const sources = useList('sources', (state) => (state.ready ? state.items.size : null))
  return (
    <div className="border-line bg-panel max-md:row-start-4 max-md:border-t md:row-span-2 md:row-start-2 md:flex md:flex-col md:border-r md:px-2 md:py-3">
      <nav
        aria-label="Main"
        className="flex max-md:px-2 max-md:pb-[env(safe-area-inset-bottom)] md:flex-col md:gap-0.5"
      >
        <Link
          to="/"
          activeOptions={{ exact: true, includeSearch: false }}
          className={ITEM}
          activeProps={ACTIVE}
        >
          <Entry icon="tasks" label="Tasks" count={tasks} />
        </Link>
        <Link to="/devices" className={ITEM} activeProps={ACTIVE}>
          <Entry icon="device" label="Devices" count={devices} />
        </Link>
        <Link to="/wall" className={ITEM} activeProps={ACTIVE}>
          <Entry icon="wall" label="Wall" count={null} />
        </Link>
        <Link to="/sources" className={ITEM} activeProps={ACTIVE}>
          <Entry icon="source" label="Sources" count={sources} />
        </Link>
      </nav>
      <aside aria-label="About this page" className="mt-auto max-lg:hidden">
        <PageMeter />
        <div className="flex items-center justify-between px-2.5 pt-2 text-xs text-faint">
          <span>Weir {__WEIR_VERSION__}</span>
          <IconButton icon="question" label="Keys" title="Keys (?)" onClick={props.onKeys} />
        </div>
      </aside>
    </div>
  )
}

function Entry(props: { icon: IconName; label: string; count: number | null }) {
  const { icon, label, count } = props
  return (
    <>
      <Icon name={icon} size={15} />
      <span className="md:max-lg:sr-only">{label}</span>
      {count !== null && (
        <span aria-hidden="true" className="ml-auto font-normal text-faint max-lg:hidden">
          {formatCount(count)}
        </span>
      )}
    </>
  )
}

/** What people call devices: no streams of tasks, nothing that is gone. */
function countDevices(devices: Iterable<Device>): number {
  let count = 0
  for (const device of devices) if (device.streamOf === null && device.onServer) count += 1
  return count
}
