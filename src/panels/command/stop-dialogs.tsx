import { formatCount } from '#lib/format.ts'
import { useState } from 'react'
import { useStore } from 'zustand'
import { isTerminal, statusLabel } from '#model/status.ts'
import { stakeOf } from '#model/stake.ts'
import { mayRun, taskKey, type TaskSummary } from '#model/task.ts'
import { useList, useNow, useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { Select } from '#ui/field.tsx'
import { lossWords, stakeNote } from './stake-words.ts'
import { askToStop, stopQuestion, type StopQuestion, type TaskRef } from './stop-question.ts'
import { reportStop } from './stop-report.tsx'
import { sendTaskCommand } from './command-store.ts'

const close = () => {
  askToStop(null)
}

/** Asks before something long is ended; nothing while nothing is asked. */
export function StopDialogs() {
  const question = useStore(stopQuestion, (state) => state.question)
  switch (question?.kind) {
    case 'task':
      return <CancelOne key={taskKey(question.task)} task={question.task} />
    case 'many':
      return <CancelMany question={question} />
    case 'all':
      return <StopAll />
    case undefined:
      return null
  }
}

function Question(props: {
  title: string
  act: string
  disabled?: boolean
  onAct: () => void
  children: React.ReactNode
}) {
  const { title, act, disabled = false, onAct, children } = props
  return (
    <Dialog
      alert
      title={title}
      onClose={close}
      footer={
        <>
          <Button data-autofocus className="touch-target" onClick={close}>
            Keep running
          </Button>
          <Button
            look="danger"
            icon="stop"
            disabled={disabled}
            className="touch-target pointer-coarse:ml-2"
            onClick={() => {
              close()
              onAct()
            }}
          >
            {act}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">{children}</div>
    </Dialog>
  )
}

function CancelOne(props: { task: TaskRef }) {
  const { source, id } = props.task
  const weir = useWeir()
  const now = useNow(1_000)
  const key = taskKey(props.task)
  const lists = useLists()
  const task = lists.tasks.get(key)
  const over = task !== undefined && !mayRun(task)
  return (
    <Question
      title={`Cancel ${id}?`}
      act="Cancel task"
      disabled={over}
      onAct={() => void sendTaskCommand(weir, props.task, 'cancel')}
    >
      {over ? (
        <p>It has ended meanwhile: {statusLabel(task.status).toLowerCase()}.</p>
      ) : (
        <p className="said">
          {task
            ? lossWords(task, stakeOf(task, lists.sources.get(source), now))
            : 'Weir does not know it yet: how long it has run, and what would be lost, is not known.'}
        </p>
      )}
      <p className="text-sm text-faint">
        Weir keeps its log, its numbers and the outputs received so far. To cancel without being asked, hold
        the button for 0.6 s.
      </p>
    </Question>
  )
}

function CancelMany(props: { question: StopQuestion & { kind: 'many' } }) {
  const { tasks, also, stop } = props.question
  const count = tasks.length
  return (
    <Question title={`Cancel ${count} ${count === 1 ? 'task' : 'tasks'}?`} act="Cancel tasks" onAct={stop}>
      <LongOnes tasks={tasks} />
      {also !== null && <p>{also}</p>}
      <p className="text-sm text-faint">
        Once cancelled they do not go on. Weir keeps their logs, numbers and the outputs received so far.
      </p>
    </Question>
  )
}

const ALL = ''

function StopAll() {
  const weir = useWeir()
  const lists = useLists()
  const [chosen, setChosen] = useState(ALL)
  const unfinished = [...lists.tasks.values()].filter(({ status }) => !isTerminal(status))
  const names = [...lists.sources.keys()]
  const count = (name: string) => unfinished.filter(({ source }) => source === name).length
  const of = chosen === ALL ? 'all sources' : chosen
  const tasks = chosen === ALL ? unfinished : unfinished.filter(({ source }) => source === chosen)
  return (
    <Question
      title="Stop all?"
      act="Stop all tasks"
      onAct={() => {
        reportStop(weir, chosen === ALL ? names : [chosen], tasks)
      }}
    >
      {names.length > 1 && (
        <Select
          label="Source"
          value={chosen}
          options={[
            { value: ALL, label: `All sources (${formatCount(unfinished.length)})` },
            ...names.map((name) => ({ value: name, label: `${name} (${formatCount(count(name))})` })),
          ]}
          onChange={setChosen}
        />
      )}
      <p className="said">
        {tasks.length === 0
          ? `This page knows no unfinished task of ${of}. What Weir knows is cancelled all the same.`
          : `${tasks.length === 1 ? 'The one unfinished task' : `All ${formatCount(tasks.length)} unfinished tasks`} of ${of} ${tasks.length === 1 ? 'is' : 'are'} cancelled, and do not go on.`}{' '}
        Batches start nothing more. Device streams go on.
      </p>
      <LongOnes tasks={tasks} />
    </Question>
  )
}

const MOST_SHOWN = 8

/** The long ones among them by name, with how long they have run; the others are counted. */
function LongOnes(props: { tasks: readonly TaskSummary[] }) {
  const lists = useLists()
  const now = useNow(1_000)
  const long = props.tasks
    .map((each) => lists.tasks.get(taskKey(each)) ?? each)
    .filter(mayRun)
    .map((task) => ({ task, stake: stakeOf(task, lists.sources.get(task.source), now) }))
    .filter(({ stake }) => stake.long)
    .sort((a, b) => b.stake.ranMs - a.stake.ranMs)
  if (long.length === 0) return null
  const others = props.tasks.length - Math.min(long.length, MOST_SHOWN)
  return (
    <div>
      <p id="long-ones" className="text-sm text-mute">
        What has run long, or has long to go:
      </p>
      <ul role="list" aria-labelledby="long-ones" className="mt-1 grid gap-1">
        {long.slice(0, MOST_SHOWN).map(({ task, stake }) => (
          <li key={taskKey(task)} className="flex min-w-0 justify-between gap-3">
            <span className="said-line font-medium" title={task.id}>
              {task.id}
            </span>
            <span className="shrink-0 text-mute">{stakeNote(task, stake)}</span>
          </li>
        ))}
        {others > 0 && <li className="text-mute">and {formatCount(others)} more</li>}
      </ul>
    </div>
  )
}

/** Tasks and sources as they are now, looked at once a second. */
function useLists() {
  const streams = useStreams()
  useNow(1_000)
  useList('tasks', (list) => list.ready)
  useList('sources', (list) => list.ready)
  return {
    tasks: streams.list('tasks').store.getState().items,
    sources: streams.list('sources').store.getState().items,
  }
}
