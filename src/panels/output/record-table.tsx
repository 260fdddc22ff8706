import { formatCount } from '#lib/format.ts'
import { classes } from '#ui/classes.ts'
import type { RecordRows } from './record-rows.ts'

/** Like records side by side. */
export function RecordTable(props: { table: RecordRows; label: string }) {
  const { table, label } = props
  return (
    <div className="rounded-md border border-line">
      <div
        role="region"
        aria-label={label}
        tabIndex={0}
        className="max-h-[360px] overflow-auto focus-visible:-outline-offset-2"
      >
        <table className="w-full border-collapse text-left">
          <thead className="text-sm text-faint">
            <tr>
              {table.columns.map((column, k) => (
                <th
                  key={column}
                  scope="col"
                  className={classes(
                    'sticky top-0 border-b border-line bg-panel px-3 py-1 font-mono font-normal whitespace-nowrap',
                    table.numeric[k] && 'text-right',
                  )}
                >
                  {column.slice(0, 80)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, i) => (
              <tr key={i} className="border-b border-line last:border-0 hover:bg-hover">
                {row.map((cell, k) => (
                  <td
                    key={k}
                    className={classes(
                      'px-3 py-0.5',
                      table.numeric[k]
                        ? 'text-right font-mono text-sm whitespace-nowrap'
                        : 'said max-w-[40ch] truncate',
                      (cell === null || cell === 'null') && 'text-faint',
                    )}
                  >
                    {cell === null || cell === 'null' ? '–' : cell.slice(0, 300)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="border-t border-line px-3 py-1 text-sm text-faint">
        {formatCount(table.rows.length + table.more)} rows
        {table.more > 0 && `, the first ${formatCount(table.rows.length)} shown; all of them under Data`}
      </p>
    </div>
  )
}
