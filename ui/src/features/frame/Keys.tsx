// Every key that does something, for those who work without a mouse.
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

const groups: [string, [string[], string][]][] = [
  ["Everywhere", [
    [["/", "Ctrl K"], "search services, promotions and actions"],
    [["?"], "show these keys"],
    [["Esc"], "close what is open; the focus goes back"],
  ]],
  ["Environments", [
    [["↑", "↓", "←", "→"], "move from cell to cell"],
    [["Home", "End"], "first and last environment; with Ctrl, of the whole matrix"],
    [["Page Up", "Page Down"], "a screen of services further"],
    [["Enter"], "open the cell"],
    [["Shift Enter"], "promote into the cell, or say why not"],
  ]],
  ["Compare", [
    [["n", "p"], "next and previous change"],
    [["↑", "↓"], "move over the services"],
  ]],
  ["Log of a run", [
    [["Enter", "Shift Enter"], "next and previous hit, in the search field"],
  ]],
];

export function KeyList() {
  return (
    <div className="key-groups">
      {groups.map(([title, keys]) => (
        <section key={title} className="section" aria-label={`Keys: ${title}`}>
          <h3>{title}</h3>
          <dl className="keys-of">
            {keys.map(([names, effect]) => (
              <div key={effect} className="pair"><dt>{names.map((name) => <kbd key={name}>{name}</kbd>)}</dt><dd>{effect}</dd></div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

export function KeysDialog({ close }: { close: () => void }) {
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal>
        <Dialog className="dialog">
          <div className="dialog-body">
            <Heading slot="title">Keys</Heading>
            <KeyList />
            <div className="row end"><Button className="btn" onPress={close}>Close</Button></div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
