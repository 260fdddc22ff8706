import { stringifyExact } from '#lib/exact-json.ts'
import { formatCount } from '#lib/format.ts'
import { columnPath } from './cell-value.ts'
import type { PlannedRun } from './batch-plan.ts'
import { getAt } from '#panels/schema-form/value.ts'

const SHOWN = 50

/** The inputs as they would be sent; wrong ones first, where there are more than fit. */
export function BatchPreview(props: { runs: readonly PlannedRun[]; columns: readonly string[] }) {
  const { runs, columns } = props
  const numbered = runs.map((run, index) => ({ run, number: index + 1 }))
  const wrong = numbered.filter(({ run }) => run.error !== null)
  const shown =
    numbered.length <= SHOWN
      ? numbered
      : [...wrong, ...numbered.filter(({ run }) => run.error === null)].slice(0, SHOWN)
  return (
    <div className="grid gap-1">
      <div
        role="region"
        aria-label="Preview of the inputs"
        data-fault={wrong.length > 0 || undefined}
        tabIndex={0}
        className="max-h-52 overflow-auto rounded-md border border-line"
      >
        <table className="w-full border-collapse text-left text-sm">
          <thead className="sticky top-0 bg-panel text-mute shadow-[0_1px_0_var(--line)]">
            <tr>
              <th scope="col" className="px-2 py-1 font-normal">
                Run
              </th>
              {columns.map((column) => (
                <th key={column} scope="col" className="px-2 py-1 font-normal whitespace-nowrap">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ run, number }) => (
              <tr key={number} className="border-t border-line align-top first:border-t-0">
                <td className="px-2 py-1 text-faint">{number}</td>
                {columns.map((column, index) => (
                  <td key={column} className="max-w-64 px-2 py-1">
                    <span className="said-line block">{cell(run, column)}</span>
                    {index === 0 && run.error !== null && (
                      <span className="said block text-bad">{run.error}</span>
                    )}
                  </td>
                ))}
                {columns.length === 0 && <td className="px-2 py-1 text-bad">{run.error}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {numbered.length > SHOWN && (
        <span className="text-sm text-faint">
          {SHOWN} of {formatCount(numbered.length)} are shown
          {wrong.length > 0 && ', those with errors first'}.
        </span>
      )}
    </div>
  )
}

function cell(run: PlannedRun, column: string): string {
  const whole = getAt(run.input, [column])
  const value = whole === undefined ? getAt(run.input, columnPath(column, null)) : whole
  if (value === undefined) return ''
  return (typeof value === 'string' ? value : stringifyExact(value)).slice(0, 300)
}
