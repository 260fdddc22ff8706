import { Tabs } from '@base-ui/react/tabs'
import { whyNot } from '#model/capabilities.ts'
import type { Task } from '#model/task.ts'
import { taskPanelKind } from '#panels/catalogue.tsx'
import { RawData } from '#panels/raw/raw-data.tsx'
import { useCapabilities } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { classes } from '#ui/classes.ts'
import { Parameters } from './parameters.tsx'
import { usePageTab } from './use-page-tab.ts'

/** The page's tabs in order: panels of the catalogue, and what only this page has. */
const TABS = ['output', 'log', 'plots', 'timeline', 'parameters', 'raw'].map((id) => ({
  id,
  panel: taskPanelKind(id),
}))
const OWN_TITLES: Readonly<Record<string, string>> = { parameters: 'Parameters', raw: 'Raw' }

const TAB =
  'relative flex h-9 shrink-0 items-center gap-1.5 px-[7px] whitespace-nowrap sm:px-3 text-mute select-none hover:text-ink ' +
  'focus-visible:-outline-offset-2 data-active:font-medium data-active:text-ink'

/** The views of one task, those that its source can fill. Only the one in sight exists. */
export function TaskTabs(props: { task: Task }) {
  const { task } = props
  const capabilities = useCapabilities(task.source)
  const tabs = TABS.filter(({ panel }) => !panel?.needs || whyNot(capabilities, panel.needs) === null)
  const [tab, setTab] = usePageTab(
    task.status,
    tabs.map(({ id }) => id),
  )
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => {
        setTab(value as string)
      }}
      className="flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-panel shadow-cast"
    >
      <Tabs.List className="relative flex overflow-x-auto border-b border-line px-1" activateOnFocus>
        {tabs.map(({ id, panel }) => (
          <Tabs.Tab key={id} value={id} className={TAB}>
            {panel?.title ?? OWN_TITLES[id]}
            <TabCount tab={id} task={task} />
          </Tabs.Tab>
        ))}
        <Tabs.Indicator className="absolute bottom-0 left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) rounded-full bg-accent transition-[translate,width] duration-150" />
      </Tabs.List>
      {tabs.map(({ id, panel }) => (
        <Tabs.Panel
          key={id}
          value={id}
          className={classes(
            'min-w-0 focus-visible:-outline-offset-2',
            id === 'log' && 'flex h-[clamp(320px,62dvh,1000px)] flex-col',
          )}
        >
          {panel ? <panel.Body task={task} compact={false} /> : <OwnTab tab={id} task={task} />}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  )
}

function OwnTab(props: { tab: string; task: Task }) {
  const { tab, task } = props
  const weir = useWeir()
  if (tab === 'parameters') return <Parameters task={task} />
  return (
    <RawData
      queryKey={[task.source, task.id]}
      read={() => weir.raw({ kind: 'tasks', source: task.source, id: task.id })}
      events={task.events}
    />
  )
}

/** A mark where something waits to be seen; decoration, so that the tab's name stays its word. */
function TabCount(props: { tab: string; task: Task }) {
  const { tab, task } = props
  const tone =
    tab === 'output' && task.error
      ? 'bg-bad'
      : tab === 'output' && task.result?.state === 'unreadable'
        ? 'bg-warn'
        : tab === 'timeline' && task.gapCount > 0
          ? 'bg-warn'
          : null
  return tone === null ? null : <i aria-hidden="true" className={classes('size-1.5 rounded-full', tone)} />
}
