import { Fragment, type ReactNode } from 'react'
import { linkOf } from '#protocols/inference/output.ts'
import { Button } from '#ui/button.tsx'
import type { Mark } from './markdown-tree.ts'
import { useMediaHost } from './media-hosts.ts'

/** Only what the web opens: no script, no mail, no data. */
function safeUrl(url: string): string {
  const link = linkOf(url)
  return link !== null && /^https?:/.test(link) ? link : ''
}

/** Markdown, taken apart before, as React elements. */
export function MarkdownBody(props: { marks: readonly Mark[] }) {
  return <>{shown(props.marks)}</>
}

function shown(marks: readonly Mark[]): ReactNode {
  return marks.map((mark, i) => (
    <Fragment key={i}>{typeof mark === 'string' ? mark : element(mark)}</Fragment>
  ))
}

function element(mark: Exclude<Mark, string>): ReactNode {
  switch (mark.kind) {
    case 'paragraph':
      return <p className="my-2 whitespace-pre-line first:mt-0 last:mb-0">{shown(mark.parts)}</p>
    case 'heading':
      return heading(mark.level, shown(mark.parts))
    case 'emphasis':
      return <em>{shown(mark.parts)}</em>
    case 'strong':
      return <strong>{shown(mark.parts)}</strong>
    case 'quote':
      return (
        <blockquote className="my-2 border-l-2 border-line2 pl-3 text-mute">{shown(mark.parts)}</blockquote>
      )
    case 'list':
      return mark.start === null ? (
        <ul className="my-2 list-disc pl-5">{shown(mark.parts)}</ul>
      ) : (
        <ol start={mark.start} className="my-2 list-decimal pl-6">
          {shown(mark.parts)}
        </ol>
      )
    case 'item':
      return <li>{shown(mark.parts)}</li>
    case 'code': {
      const code = <code className="rounded-sm bg-bg px-1 font-mono text-sm">{mark.text}</code>
      if (!mark.block) return code
      return (
        <pre
          tabIndex={0}
          className="my-2 overflow-x-auto rounded-md border border-line bg-bg px-3 py-2 font-mono text-sm whitespace-pre"
        >
          {code}
        </pre>
      )
    }
    case 'link':
      return <Link url={safeUrl(mark.url)}>{shown(mark.parts)}</Link>
    case 'picture':
      return <Inline url={safeUrl(mark.url)} alt={mark.alt} />
    case 'table':
      return <Table {...mark} />
    case 'rule':
      return <hr className="my-3 border-line" />
    case 'break':
      return <br />
    default:
      mark satisfies never
      return null
  }
}

/** The page's own headings end above: these come below them. */
function heading(level: number, children: ReactNode): ReactNode {
  if (level === 1) return <h4 className="mt-4 mb-1.5 text-[16px] font-semibold first:mt-0">{children}</h4>
  if (level === 2) return <h5 className="mt-4 mb-1.5 text-[15px] font-semibold first:mt-0">{children}</h5>
  if (level === 3) return <h6 className="mt-3 mb-1 font-semibold first:mt-0">{children}</h6>
  if (level < 6) return <h6 className="mt-3 mb-1 font-medium first:mt-0">{children}</h6>
  return <h6 className="mt-3 mb-1 font-medium text-mute first:mt-0">{children}</h6>
}

function Link(props: { url: string; children: ReactNode }) {
  if (props.url === '') return <span>{props.children}</span>
  return (
    <a
      href={props.url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline underline-offset-2"
    >
      {props.children}
    </a>
  )
}

function Table({ head, align, rows }: Extract<Mark, { kind: 'table' }>) {
  const side = (k: number) => ({ textAlign: align[k] ?? ('left' as const) })
  return (
    <div tabIndex={0} role="group" aria-label="Table" className="my-2 w-fit max-w-full overflow-x-auto">
      <table className="border-collapse">
        <thead>
          <tr>
            {head.map((cell, k) => (
              <th key={k} scope="col" style={side(k)} className="border-b border-line2 px-3 py-1 font-medium">
                {shown(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i} className="border-b border-line last:border-0">
              {row.map((cell, k) => (
                <td key={k} style={side(k)} className="px-3 py-1">
                  {shown(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Inline(props: { url: string; alt: string }) {
  const { url, alt } = props
  const { may, src, host, allow } = useMediaHost(url === '' ? null : url)
  if (url === '') return <span className="text-mute">[picture: {alt || 'no address'}]</span>
  if (may && src !== null)
    return (
      <img
        src={src}
        alt={alt}
        loading="lazy"
        referrerPolicy="no-referrer"
        className="my-2 max-h-80 max-w-full rounded-md"
      />
    )
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-2 text-mute">
      [picture{alt && `: ${alt}`}]
      <Button small onClick={allow}>
        Allow {host}
      </Button>
    </span>
  )
}
