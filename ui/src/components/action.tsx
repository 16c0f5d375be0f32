// A button that, when it cannot be pressed, stays visible and says why.
import type { ReactNode } from "react";
import { Button, Focusable, Tooltip, TooltipTrigger } from "react-aria-components";

type Props = {
  children: ReactNode;
  onPress: () => void;
  reason?: string | null;
  kind?: "plain" | "primary" | "danger";
  busy?: boolean;
  label?: string;
};

export function ActionButton({ children, onPress, reason, kind = "plain", busy = false, label }: Props) {
  const className = `btn ${kind === "plain" ? "" : kind}`;
  if (reason) {
    return (
      <TooltipTrigger delay={200}>
        <Focusable>
          <button type="button" aria-disabled="true" className={className} aria-label={label} aria-description={reason}>{children}</button>
        </Focusable>
        <Tooltip className="popover tip" offset={6}>{reason}</Tooltip>
      </TooltipTrigger>
    );
  }
  return (
    <Button className={className} onPress={onPress} isPending={busy} aria-label={label}>
      {children}
    </Button>
  );
}
