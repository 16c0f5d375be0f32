// A web address: the host opens it, if the estate names its host. The window itself never goes there.
import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useAct } from "../host/queries";
import { ErrorPanel } from "./state";

export function OutLink({ url, children, className = "link" }: { url: string; children: ReactNode; className?: string }) {
  const open = useAct("open_link");
  return (
    <>
      <Button className={className} onPress={() => open.mutate({ url })}>
        <ExternalLink className="icon" aria-hidden />{children}
      </Button>
      {open.error && <ErrorPanel error={open.error} />}
    </>
  );
}
