// Tables of a run: median, then (least–most) where there was more than one value.
import os from 'node:os'

/** What the reader must know to compare figures; no names of people, machines or folders. */
export function environment(started, chromium, flags) {
  const { out: _, ...rest } = flags
  const options = Object.entries(rest).flatMap(([name, value]) =>
    value === false || value === '' ? [] : [value === true ? `--${name}` : `--${name} ${value}`],
  )
  return {
    date: `${started.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    machine: `${os.cpus().length} × ${os.cpus()[0].model}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    chromium,
    command: `npm run bench -- ${options.join(' ')}`,
  }
}

const isNumber = (value) => typeof value === 'number' && !Number.isNaN(value)

export function median(values) {
  const sorted = values.filter(isNumber).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function figure(value) {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  return String(Math.round(value * 10) / 10)
}

function cell(values) {
  const numbers = values.filter(isNumber)
  if (numbers.length === 0)
    return [...new Set(values.filter((value) => value !== undefined && !Number.isNaN(value)))].join('; ')
  const all = figure(median(numbers))
  const least = figure(Math.min(...numbers))
  const greatest = figure(Math.max(...numbers))
  return least === greatest ? all : `${all} (${least}–${greatest})`
}

export function tables(about, groups) {
  const head = `${about.date}. ${about.machine}; Node ${about.node}, ${about.chromium}.\n\`${about.command}\`\n`
  return groups.reduce((text, { group, rows }) => {
    const columns = [...new Set(rows.flatMap(({ runs }) => runs.flatMap((run) => Object.keys(run))))]
    const lines = [
      ['', ...columns],
      columns.map(() => '---').concat('---'),
      ...rows.map(({ name, runs }) => [
        name,
        ...columns.map((column) => cell(runs.map((run) => run[column]))),
      ]),
    ]
    return `${text}\n### ${group}\n\n${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`
  }, head)
}
