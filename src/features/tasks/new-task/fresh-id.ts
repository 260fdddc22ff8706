/** A task id nobody uses yet, made of the type: "LongRunningTask" gives "long-running-1", then "-2". */
export function freshTaskId(type: string, taken: Iterable<string>): string {
  const stem = stemOf(type)
  const pattern = new RegExp(`^${stem.replace(/[.]/g, '\\.')}-(\\d{1,9})(?:-\\d+)?$`)
  let highest = 0
  for (const id of taken) {
    const number = pattern.exec(id)?.[1]
    if (number !== undefined) highest = Math.max(highest, Number(number))
  }
  return `${stem}-${highest + 1}`
}

function stemOf(type: string): string {
  const words = type
    .replace(/Task$/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z\d.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
  return words.slice(0, 60) || 'task'
}
