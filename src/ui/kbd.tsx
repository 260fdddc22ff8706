/** A key as it is written on the keyboard. */
export function Kbd(props: { children: string }) {
  return (
    <kbd className="rounded-sm border border-line2 bg-bg px-1 font-mono text-xs text-faint">
      {props.children}
    </kbd>
  )
}
