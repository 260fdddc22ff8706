import { encodePng } from '../../shared/png.ts'
import type { AppSource, Job, Work } from '../app.ts'
import { drawChart } from '../media/chart.ts'
import { encode, numberOf, textOf } from './input.ts'
import type { Value } from '../value.ts'

const SPECIES = ['otter', 'heron', 'trout', 'kingfisher', 'mayfly', 'eel'] as const

/** A table that grows, and the same as files of several kinds. */
export const census: AppSource = {
  name: 'census',
  title: 'Census',
  description: 'Counts what lives at a weir: a table and files of several kinds.',
  category: 'other',
  input: {
    type: 'object',
    title: 'AppInput',
    properties: {
      rows: { type: 'integer', title: 'Rows', default: 240, minimum: 1, maximum: 20_000 },
      station: { type: 'string', title: 'Station', default: 'lower weir' },
    },
  },
  output: {
    type: 'object',
    title: 'AppOutput',
    properties: {
      table: { type: 'array', title: 'Newest rows', items: { type: 'object' } },
      totals: { type: 'object', title: 'Totals' },
      files: { type: 'array', title: 'Files', items: { type: 'string', format: 'file' } },
    },
  },
  work: function* (job: Job): Work {
    const { input, random } = job
    const count = numberOf(input, 'rows', 240)
    const station = textOf(input, 'station', 'lower weir')
    const rows: { id: number; station: string; species: string; count: number; metres: number }[] = []
    const totals: Record<string, number> = Object.fromEntries(SPECIES.map((name) => [name, 0]))
    const chunk = Math.ceil(count / 12)
    while (rows.length < count) {
      yield 600
      for (let index = 0; index < chunk && rows.length < count; index++) {
        const species = random.pick(SPECIES)
        const seen = random.integer(0, 9)
        totals[species] = (totals[species] ?? 0) + seen
        rows.push({
          id: rows.length + 1,
          station,
          species,
          count: seen,
          metres: Number(random.between(0.2, 2.4).toFixed(2)),
        })
      }
      job.log(`${rows.length} of ${count} rows\n`)
      job.output({ table: rows.slice(-20), totals: { ...totals }, progress: rows.length / count })
    }
    const levels = rows.map(({ metres }) => metres)
    const header = Object.keys(rows[0] ?? {}).join(',')
    const csv = `${header}\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`
    const files: Value[] = [
      job.file(() => encode(csv), { filename: 'census.csv' }).describe(),
      job
        .file(() => encode(rows.map((row) => `${JSON.stringify(row)}\n`).join('')), {
          filename: 'census.jsonl',
        })
        .describe(),
      job.file(() => encode(JSON.stringify({ station, totals }, null, 2)), { filename: 'totals.json' }),
      job
        .file(() => encode(`# Census of ${station}\n\n${tableOf(totals)}\n`), { filename: 'report.md' })
        .describe(),
      job.file(() => encodePng(drawChart([levels], [0, 2.5], levels.length)), { filename: 'levels.png' }),
    ]
    return { table: rows.slice(-20), totals: { ...totals }, files, progress: 1 }
  },
}

function tableOf(totals: Readonly<Record<string, number>>): string {
  const rows = Object.entries(totals).map(([name, count]) => `| ${name} | ${count} |`)
  return ['| species | seen |', '| --- | --- |', ...rows].join('\n')
}
