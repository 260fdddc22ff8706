import { bounded } from '#lib/detached.ts'
import type { Command } from './command.ts'
import { addGap } from './gap.ts'
import type { LogLineKind } from './log-buffer.ts'
import type { Origin } from './origin.ts'
import { advancePace } from './pace.ts'
import { isTerminal, type TaskStatus } from './status.ts'
import { hasEnded, NOT_ANSWERED, unknownTask, type Phase, type Task } from './task.ts'
import type { OutcomeEvent, ProgressEvent, StartedEvent, TaskEvent } from './task-events.ts'

/** Receives the log lines that events cause, in order. */
export type LineSink = (at: number, kind: LogLineKind, text: string) => void

/** Characters of the newest message that stand with the task. */
const LONGEST_MESSAGE = 20_000
const KEPT_GAPS = 100
const KEPT_COMMANDS = 200
const KEPT_PHASES = 200
/** 100 % is for tasks that have completed; some say it (or more) before they have. */
const MOST_WHILE_RUNNING = 99.9
/** A step that was already under way when the pause was asked may still report. */
const PAUSE_GRACE_MS = 1_500

/**
 * Folds events over a task. Pure but for the sink: the same events give the same task and the same lines, in
 * the relay and in the page. One copy is made per call, not per event.
 */
export function reduceTask(task: Task, events: readonly TaskEvent[], line: LineSink): Task {
  let next: Task = { ...task }
  for (const event of events) {
    switch (event.k) {
      case 'started':
        next = started(next, event, line)
        break
      case 'progress':
        progress(next, event, line, next.pace !== task.pace)
        break
      case 'lines':
        for (const text of event.texts) line(event.at, event.kind, text)
        break
      case 'status':
        if (hasEnded(next)) break
        if (isTerminal(next.status)) goesOn(next)
        enter(next, event.status, event.at, event.origin, event.note ?? null)
        break
      case 'gap': {
        const { k: _, ...gap } = event
        const { gaps, absorbed } = addGap(next.detail.gaps, gap, next.eventAt)
        next.gapCount += 1 - absorbed
        next.stepsMissed += gap.missed ?? 0
        next.detail = { ...next.detail, gaps: gaps.slice(-KEPT_GAPS) }
        // The log has said that gap already: this is more of it.
        line(gap.at, absorbed > 0 ? 'note' : 'gap', gap.text)
        break
      }
      case 'stream':
        next.stream = event.state
        break
      case 'command':
        commanded(next, event.command)
        if (event.setting)
          next.detail = {
            ...next.detail,
            settings: [...next.detail.settings, { ...event.setting, at: event.at }].slice(-KEPT_COMMANDS),
          }
        break
      case 'output':
        next.preview = event.preview
        next.detail = { ...next.detail, output: event.output }
        break
      case 'meta':
        next.type = event.type ?? next.type
        if (event.startedAt !== undefined) {
          next.startedAt = event.startedAt
          next.startedOrigin = 'stream'
        }
        next.detail = {
          ...next.detail,
          params: event.params ?? next.detail.params,
          meta: { ...next.detail.meta, ...event.meta },
        }
        break
      case 'limit-missed':
        next.limitMissedAt = event.limitAt
        break
      case 'outcome':
        ended(next, event)
        break
      case 'forgotten':
        next.onServer = false
        break
      default:
        event satisfies never
    }
  }
  return next
}

function started(task: Task, event: StartedEvent, line: LineSink): Task {
  const again = isTerminal(task.status)
  if (again) line(event.at, 'note', 'started again under the same id')
  const next = again
    ? { ...unknownTask(task.source, task.kind, task.id, event.at), log: task.log, stream: task.stream }
    : task
  next.type = event.type ?? next.type
  next.onServer = true
  if (event.batch !== undefined) next.batch = event.batch
  if (event.params !== undefined || event.deviceIds !== undefined)
    next.detail = {
      ...next.detail,
      params: event.params ?? next.detail.params,
      deviceIds: event.deviceIds ?? next.detail.deviceIds,
    }
  // A poll sees a task that runs already: when it began is not known.
  if (next.startedAt === null && event.origin === 'command') {
    next.startedAt = event.at
    next.startedOrigin = 'command'
  }
  if (next.status === 'unknown' && event.status !== null)
    enter(next, event.status ?? 'running', event.at, event.origin, null)
  return next
}

/** @param ownsPace the task's pace was made by this call */
function progress(task: Task, event: ProgressEvent, line: LineSink, ownsPace: boolean): void {
  const { at, message } = event
  const grace = pauseGrace(task)
  task.events += 1
  task.eventAt = at
  const before = task.progress
  const known = event.whole ? null : before
  // Some say -1 for "not begun", and some count beyond what they announced.
  const saidStep = notNegative(event.step)
  const saidPercent = notNegative(event.percent)
  const step = saidStep ?? known?.step ?? null
  const total = notNegative(event.total) ?? known?.total ?? null
  const said = saidPercent ?? (saidStep !== null && total ? (saidStep / total) * 100 : null)
  const percent = said === null ? (before?.percent ?? null) : Math.min(MOST_WHILE_RUNNING, said)
  if (task.status !== 'completed') {
    task.progress = { percent, step, total, at, ...(event.fromLog ? { fromLog: true } : {}) }
    if (saidStep !== null) {
      if (saidStep !== task.pace?.lastValue || task.pace.unit !== 'step')
        task.pace = advancePace(task.pace, 'step', saidStep, at, ownsPace)
    } else if (saidPercent !== null && saidPercent <= 100 && (event.whole || task.pace?.unit !== 'step'))
      task.pace = advancePace(task.pace, 'percent', saidPercent, at, ownsPace)
  }
  if (message !== null && message !== task.message) {
    // Whole it is in the log.
    task.message = message.length > LONGEST_MESSAGE ? bounded(message, LONGEST_MESSAGE) : message
    if (!event.logApart) line(at, 'out', message)
  }
  if (task.status === 'cancelling' && task.pauseAskedAt !== null && advanced(before, task)) {
    if (at - task.pauseAskedAt > grace) task.pauseAskedAt = null
  }
  if (task.status === 'paused' && advanced(before, task) && at - task.statusAt > grace) {
    enter(task, 'running', at, 'stream', 'steps arrive after the pause was asked')
    task.pauseAskedAt = null
  }
}

/** Null for what is no number of something done: below 0, not finite. */
function notNegative(value: number | null): number | null {
  // Plus 0: -0 would be written as 0.
  return value !== null && value >= 0 && value < Infinity ? value + 0 : null
}

function advanced(before: Task['progress'], task: Task): boolean {
  return before?.step !== task.progress?.step || before?.percent !== task.progress?.percent
}

/** How long after a pause was asked a step may still arrive without belying it, ms. */
export function pauseGrace(task: Pick<Task, 'pace'>): number {
  return Math.max(PAUSE_GRACE_MS, (task.pace?.usualMs ?? 0) * 1.5)
}

function commanded(task: Task, command: Command): void {
  const before = task.detail.commands
  const known = before.findIndex((c) => c.id === command.id)
  const commands = known < 0 ? [...before, command].slice(-KEPT_COMMANDS) : before.with(known, command)
  task.detail = { ...task.detail, commands }
  if (isTerminal(task.status)) {
    // Sent to a task that was only thought to have ended: what it does shows when the source says more.
    if (command.verb === 'cancel' && !hasEnded(task) && command.acceptedAt !== null)
      task.cancelAskedAt ??= command.sentAt
    return
  }
  if (command.verb === 'cancel') cancelled(task, command)
  else if (command.verb === 'pause' || command.verb === 'resume') {
    const accepted = command.acceptedAt !== null && (known < 0 || before[known]?.acceptedAt === null)
    if (accepted && isNewestHold(commands, command)) held(task, command)
  }
}

/**
 * The request itself is the news: "cancelling" is shown from the click on, and taken back when every cancel was refused
 * or not sent. One without an answer may have been heard all the same.
 */
function cancelled(task: Task, command: Command): void {
  const standing = task.detail.commands.filter(
    ({ verb, failedAt, error }) =>
      verb === 'cancel' && (failedAt === null || error?.outcome === 'not-answered'),
  )
  if (standing.length === 0) {
    const note = `cancel was ${command.error?.outcome === 'not-sent' ? 'not sent' : 'refused'}`
    if (task.status === 'cancelling') goBack(task, command.failedAt ?? command.sentAt, note)
    task.cancelAskedAt = null
    return
  }
  const isNew = task.cancelAskedAt === null
  task.cancelAskedAt = Math.min(...standing.map(({ sentAt }) => sentAt))
  const note = standing.some(({ failedAt }) => failedAt === null) ? 'requested' : NOT_ANSWERED
  // What its source has said since the first was sent is not taken back by the next answer.
  if (isNew || task.status === 'cancelling')
    enter(task, 'cancelling', command.failedAt ?? command.sentAt, 'command', note)
}

/** Whether no pause or resume that was sent later has been accepted: answers may come in any order. */
function isNewestHold(commands: readonly Command[], command: Command): boolean {
  const accepted = commands.filter(
    ({ verb, acceptedAt }) => (verb === 'pause' || verb === 'resume') && acceptedAt !== null,
  )
  return accepted.every((other) => other.id === command.id || isOlder(other, command))
}

function isOlder(a: Command, b: Command): boolean {
  return a.sentAt < b.sentAt || (a.sentAt === b.sentAt && numberOf(a) < numberOf(b))
}

/** The ledger counts its commands. */
function numberOf({ id }: Command): number {
  return Number(id.replace(/^\D+/, ''))
}

/** A pause or resume was accepted; while it is being cancelled that shows only if the cancel comes to nothing. */
function held(task: Task, { verb, sentAt, acceptedAt }: Command): void {
  const at = acceptedAt ?? sentAt
  if (verb === 'pause') {
    task.pauseAskedAt = sentAt
    if (task.status !== 'cancelling') enter(task, 'paused', at, 'command', 'requested')
  } else {
    task.pauseAskedAt = null
    if (task.status === 'paused') enter(task, 'running', at, 'command', 'resumed')
  }
}

/** What was before a cancel that came to nothing: as true as it was, told by whoever told it. */
function goBack(task: Task, at: number, note: string): void {
  const before = task.phases.findLast(({ status }) => status !== 'cancelling')
  if (task.pauseAskedAt !== null) enter(task, 'paused', at, 'command', note)
  // Resumed meanwhile.
  else if (before?.status === 'paused') enter(task, 'running', at, 'command', note)
  else enter(task, before?.status ?? 'unknown', at, before?.origin ?? 'inferred', note)
}

function ended(task: Task, event: OutcomeEvent): void {
  enter(task, event.status, event.at, event.origin, event.note ?? null, event.endedAt)
  task.endedAt = event.endedAt
  task.endedOrigin = event.endedOrigin
  task.pauseAskedAt = null
  task.result = event.result
  task.error = event.error
  if (event.status === 'completed') {
    const { step = null, total = null } = task.progress ?? {}
    task.progress = { percent: 100, step, total, at: event.at }
  }
}

/** Its source says that it has not ended, as had been inferred: the same record goes on. */
function goesOn(task: Task): void {
  task.onServer = true
  task.endedAt = null
  task.endedOrigin = null
  task.result = null
  task.error = null
  // The time in between is no measure of how fast it is.
  task.pace = null
  if (task.status === 'completed' && task.progress) {
    const { step, total } = task.progress
    const percent = step !== null && total ? Math.min(MOST_WHILE_RUNNING, (step / total) * 100) : null
    task.progress = { ...task.progress, percent }
  }
}

/** Begins a phase. What a pause did to the pace is no measure of what follows. */
function enter(
  task: Task,
  status: TaskStatus,
  at: number,
  origin: Origin,
  note: string | null,
  since = at,
): void {
  if (task.status === status && task.statusNote === note) return
  if (task.status === 'paused' && status === 'running') task.pace = null
  const phase: Phase = { status, at: since, origin, note }
  task.status = status
  task.statusOrigin = origin
  task.statusAt = since
  task.statusNote = note
  task.phases = [...task.phases, phase].slice(-KEPT_PHASES)
}
