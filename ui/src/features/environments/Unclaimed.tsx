// Stacks that run somewhere and that no service of the estate file names.
import { Layers } from "lucide-react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import type { StackView } from "../../contract";
import { StackList } from "./StackList";

export function Unclaimed({ stacks }: { stacks: StackView[] }) {
  return (
    <DialogTrigger>
      <Button className="btn quiet"><Layers className="icon" aria-hidden />{stacks.length} unclaimed<span className="sr"> stacks</span></Button>
      {/* The dialog inside has a name of its own. */}
      <Popover className="popover" placement="bottom end" aria-labelledby="">
        <Dialog className="panel" aria-label="Unclaimed stacks">
          <p className="dim">These run in the estate's accounts, and no service of the estate file names them.</p>
          <StackList stacks={stacks} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
