import { Tabs } from '@base-ui/react/tabs'
import type { Task } from '#model/task.ts'
import { OutputPanel } from '#panels/output/output-panel.tsx'
import { RawData } from '#panels/raw/raw-data.tsx'
import { TimelinePanel } from '#panels/timeline/timeline-panel.tsx'
import { useCan } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { classes } from '#ui/classes.ts'
import { lazyPart } from '#ui/lazy-part.tsx'
import { Parameters } from './parameters.tsx'
import { TaskLog } from './task-log.tsx'
import { PAGE_TABS, usePageTab, type PageTab } from './use-page-tab.ts'

const TaskNumbers = lazyPart(async () => (await import('./task-numbers.tsx')).TaskNumbers)

const LABELS: Record<PageTab, string> = {
  output: 'Output',
  log: 'Log',
  timeline: 'Timeline',
  data: 'Data',
  parameters: 'Parameters',
}

const TAB =
  'relative flex h-9 shrink-0 items-center gap-1.5 px-[7px] whitespace-nowrap sm:px-3 text-mute select-none hover:text-ink ' +
  'focus-visible:-outline-offset-2 data-active:font-medium data-active:text-ink'

/** The views of one task. Only the one in sight exists. */
export function TaskTabs(props: { task: Task }) {
  const { task } = props
  const [tab, setTab] = usePageTab(task.status)
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => {
        setTab(value as PageTab)
      }}
      className="flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-panel shadow-cast"
    >
      <Tabs.List className="relative flex overflow-x-auto border-b border-line px-1" activateOnFocus>
        {PAGE_TABS.map((each) => (
          <Tabs.Tab key={each} value={each} className={TAB}>
            {LABELS[each]}
            <TabCount tab={each} task={task} />
          </Tabs.Tab>
        ))}
        <Tabs.Indicator className="absolute bottom-0 left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) rounded-full bg-accent transition-[translate,width] duration-150" />
      </Tabs.List>
      {PAGE_TABS.map((each) => (
        <Tabs.Panel
          key={each}
          value={each}
          className={classes(
            'min-w-0 focus-visible:-outline-offset-2',
            each === 'log' && 'flex h-[clamp(320px,62dvh,1000px)] flex-col',
          )}
        >
          <TabBody tab={each} task={task} />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  )
}

function TabBody(props: { tab: PageTab; task: Task }) {
  const { tab, task } = props
  const weir = useWeir()
  const hasSamples = useCan(task.source, 'samples')
  switch (tab) {
    case 'output':
      return <OutputPanel task={task} />
    case 'log':
      return <TaskLog task={task} />
    case 'timeline':
      return <TimelinePanel task={task} />
    case 'data':
      return (
        <>
          {hasSamples && task.events > 0 && (
            <section aria-label="Numbers" className="border-b border-line">
              <TaskNumbers task={task} />
            </section>
          )}
          <RawData
            queryKey={[task.source, task.id]}
            read={() => weir.raw({ kind: 'tasks', source: task.source, id: task.id })}
            events={task.events}
          />
        </>
      )
    case 'parameters':
      return <Parameters task={task} />
  }
}

/** A mark where something waits to be seen; decoration, so that the tab's name stays its word. */
function TabCount(props: { tab: PageTab; task: Task }) {
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
