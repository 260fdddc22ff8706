// What the kernel says about CPU time. Linux only (/proc).
import { readFileSync, readdirSync } from 'node:fs'

const TICKS = 100
/** Of /proc/net/tcp. */
const ESTABLISHED = '01'

function fieldsOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

/** CPU seconds a process has used; 0 when it is gone. */
export function cpuOf(pid) {
  const fields = fieldsOf(pid)
  return fields ? (Number(fields[11]) + Number(fields[12])) / TICKS : 0
}

/** CPU seconds that a process's main thread has used. */
export function cpuOfMainThread(pid) {
  const text = textOf(`/proc/${pid}/task/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** CPU seconds that threads whose name begins with `name` have used, in all that came from this process. */
export function cpuOfThreads(name) {
  let ticks = 0
  for (const pid of family())
    for (const thread of listOf(`/proc/${pid}/task`)) {
      const text = textOf(`/proc/${pid}/task/${thread}/stat`)
      if (!text.includes(`(${name}`)) continue
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      ticks += Number(fields[11]) + Number(fields[12])
    }
  return ticks / TICKS
}

/** Bytes that a process has written, to sockets too. */
export function bytesWritten(pid) {
  return Number(/wchar: (\d+)/.exec(textOf(`/proc/${pid}/io`))?.[1])
}

/** Bytes that a process has made the kernel write to disk, or will have. */
export function bytesToDisk(pid) {
  return Number(/^write_bytes: (\d+)/m.exec(textOf(`/proc/${pid}/io`))?.[1])
}

/** Connections that are open at a local TCP port. */
export function connectionsAt(port) {
  const local = `:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`
  return textOf('/proc/net/tcp')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address, , state]) => address?.endsWith(local) && state === ESTABLISHED).length
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function listOf(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Resident memory of a process in MB. */
export function memoryOf(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}

/** CPU seconds the whole machine has used. */
function cpuOfAll() {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softirq) / TICKS
}

/** This process and all that came from it. */
function family() {
  const children = new Map()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? fieldsOf(name)?.[1] : undefined
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), name])
  }
  const found = []
  const visit = (pid) => {
    found.push(pid)
    for (const child of children.get(pid) ?? []) visit(child)
  }
  visit(String(process.pid))
  return found
}

/** Begins a measurement; the returned function ends it: percent of one core for named pids, ours and others. */
export function measureCpu(pids) {
  const read = () => ({
    at: performance.now(),
    all: cpuOfAll(),
    ours: new Map(family().map((pid) => [pid, cpuOf(pid)])),
    named: Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuOf(pid)])),
  })
  const before = read()
  return () => {
    const after = read()
    const seconds = (after.at - before.at) / 1000
    const percent = (used) => (used / seconds) * 100
    // A process that ended meanwhile took its time with it; it counts as somebody else's.
    let ours = 0
    for (const [pid, used] of after.ours) ours += used - (before.ours.get(pid) ?? 0)
    const named = Object.fromEntries(
      Object.entries(after.named).map(([name, used]) => [name, percent(used - before.named[name])]),
    )
    return {
      seconds,
      named,
      ours: percent(ours),
      others: Math.max(0, percent(after.all - before.all - ours)),
    }
  }
}
