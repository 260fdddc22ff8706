/** A program for a worker thread of Node, built as a file of its own (vite.config.ts): its URL. */
declare module '*?thread' {
  const url: string
  export default url
}
