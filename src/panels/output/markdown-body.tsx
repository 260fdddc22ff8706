import ReactMarkdown, { type Components } from 'react-markdown'
import { linkOf } from '#protocols/inference/output.ts'
import { Button } from '#ui/button.tsx'
import { splitTables, type MarkdownPart } from './markdown-tables.ts'
import { useMediaHost } from './media-hosts.ts'

/** Only what the web opens: no script, no mail, no data. */
function safeUrl(url: string): string {
  const link = linkOf(url)
  return link !== null && /^https?:/.test(link) ? link : ''
}

const PARTS: Components = {
  a: ({ href, children }) =>
    href ? (
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent underline underline-offset-2"
      >
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  img: ({ src, alt }) => <Inline url={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  // The page's own headings end above: these come below them.
  h1: ({ children }) => <h4 className="mt-4 mb-1.5 text-[16px] font-semibold first:mt-0">{children}</h4>,
  h2: ({ children }) => <h5 className="mt-4 mb-1.5 text-[15px] font-semibold first:mt-0">{children}</h5>,
  h3: ({ children }) => <h6 className="mt-3 mb-1 font-semibold first:mt-0">{children}</h6>,
  h4: ({ children }) => <h6 className="mt-3 mb-1 font-medium first:mt-0">{children}</h6>,
  h5: ({ children }) => <h6 className="mt-3 mb-1 font-medium first:mt-0">{children}</h6>,
  h6: ({ children }) => <h6 className="mt-3 mb-1 font-medium text-mute first:mt-0">{children}</h6>,
  p: ({ children }) => <p className="my-2 whitespace-pre-line first:mt-0 last:mb-0">{children}</p>,
  ul: ({ children }) => <ul className="my-2 list-disc pl-5">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="my-2 list-decimal pl-6">
      {children}
    </ol>
  ),
  blockquote: ({ children }) => (
    <blockquote className="my-2 border-l-2 border-line2 pl-3 text-mute">{children}</blockquote>
  ),
  pre: ({ children }) => (
    <pre
      tabIndex={0}
      className="my-2 overflow-x-auto rounded-md border border-line bg-bg px-3 py-2 font-mono text-sm whitespace-pre"
    >
      {children}
    </pre>
  ),
  code: ({ children }) => <code className="rounded-sm bg-bg px-1 font-mono text-sm">{children}</code>,
  hr: () => <hr className="my-3 border-line" />,
}

/** In a cell a paragraph is the cell itself. */
const CELL_PARTS: Components = { ...PARTS, p: ({ children }) => <>{children}</> }

/** Markdown as React elements: HTML inside it is left out. */
export default function MarkdownBody(props: { text: string }) {
  return splitTables(props.text).map((part, i) =>
    part.kind === 'table' ? <Table key={i} part={part} /> : <Marked key={i} text={part.text} parts={PARTS} />,
  )
}

function Marked(props: { text: string; parts: Components }) {
  return (
    <ReactMarkdown skipHtml urlTransform={safeUrl} components={props.parts}>
      {props.text}
    </ReactMarkdown>
  )
}

function Table(props: { part: Extract<MarkdownPart, { kind: 'table' }> }) {
  const { head, align, rows } = props.part
  const side = (k: number) => ({ textAlign: align[k] ?? ('left' as const) })
  return (
    <div tabIndex={0} role="group" aria-label="Table" className="my-2 w-fit max-w-full overflow-x-auto">
      <table className="border-collapse">
        <thead>
          <tr>
            {head.map((cell, k) => (
              <th key={k} scope="col" style={side(k)} className="border-b border-line2 px-3 py-1 font-medium">
                <Marked text={cell} parts={CELL_PARTS} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 500).map((row, i) => (
            <tr key={i} className="border-b border-line last:border-0">
              {row.map((cell, k) => (
                <td key={k} style={side(k)} className="px-3 py-1">
                  <Marked text={cell} parts={CELL_PARTS} />
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
