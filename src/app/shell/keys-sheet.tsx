import { Fragment } from 'react'
import { Dialog } from '#ui/dialog.tsx'
import { Switch } from '#ui/field.tsx'
import { letterKeys } from '#ui/hotkeys.ts'
import { Kbd } from '#ui/kbd.tsx'
import { useStored } from '#ui/stored.ts'

const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'

const GROUPS: { title: string; keys: [string[], string][] }[] = [
  {
    title: 'Everywhere',
    keys: [
      [[MOD, 'K'], 'Find a task or a command'],
      [['n'], 'New task'],
      [['?'], 'This sheet'],
      [[MOD, 'Enter'], 'Send the form, from any of its fields'],
      [['Esc'], 'Close what is open; what you typed is kept'],
    ],
  },
  {
    title: 'Tasks',
    keys: [
      [['/'], 'Filter'],
      [['j'], 'Next task'],
      [['k'], 'Previous task'],
      [['←', '↑', '↓', '→'], 'Move between tasks'],
      [['Enter'], 'Open the task'],
      [['x'], 'Select the task'],
      [['Enter', 'Space'], 'On Cancel, held for 0.6 s: cancel a long task without being asked'],
    ],
  },
  {
    title: 'Devices',
    keys: [
      [['/'], 'Filter'],
      [['j'], 'Next device'],
      [['k'], 'Previous device'],
      [['←', '↑', '↓', '→'], 'Move between devices'],
      [['Enter'], 'Open the device'],
    ],
  },
]

export function KeysSheet(props: { onClose: () => void }) {
  const [letters, setLetters] = useStored(letterKeys)
  return (
    <Dialog title="Keys" onClose={props.onClose}>
      <div className="grid gap-5">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1.5 text-sm text-faint">{group.title}</h3>
            <dl className="grid grid-cols-[120px_1fr] gap-y-1.5">
              {group.keys.map(([keys, what]) => (
                <Fragment key={what}>
                  <dt className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
        <div className="border-t border-line pt-3">
          <Switch label="Single-character keys" checked={letters} onChange={setLetters} />
          <p className="px-1 text-sm text-faint">
            Switch them off if they collide with speech input or a screen reader. {MOD} K keeps working.
          </p>
        </div>
      </div>
    </Dialog>
  )
}
