import { markdownTree } from './markdown-tree.ts'
import type { MarkdownAnswer } from './markdown-reader.ts'

/*
 * Takes Markdown apart beside the page: a text that never ends to be read (there are such, of 10 kB) holds nobody.
 * One text at a time; who asks ends this worker when it takes too long.
 */
const answer = (message: MarkdownAnswer) => {
  postMessage(message)
}

addEventListener('message', ({ data }: MessageEvent<string>) => {
  try {
    answer({ kind: 'tree', tree: markdownTree(data) })
  } catch {
    // Nested deeper than the stack.
    answer({ kind: 'tree', tree: null })
  }
})
answer({ kind: 'ready' })
