// States as icon, word and colour. Never colour alone.
import {
  CircleAlert, CircleCheck, CircleDashed, CircleX, Hand, LoaderCircle, Minus, Snowflake, type LucideIcon,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Tone } from "../contract";

export const toneIcons: Record<Tone, LucideIcon> = {
  ok: CircleCheck, running: LoaderCircle, waiting: Hand, bad: CircleX, drift: CircleAlert, frozen: Snowflake,
  unknown: CircleDashed, neutral: Minus,
};

type IconProps = { tone: Tone; small?: boolean; label?: string; as?: LucideIcon };

export function ToneIcon({ tone, small = false, label, as }: IconProps) {
  const Icon = as ?? toneIcons[tone];
  const size = small ? "icon-s" : "icon";
  const turning = tone === "running" && !as ? " spin" : "";
  return label
    ? <Icon className={`${size} tone-${tone}${turning}`} role="img" aria-label={label} />
    : <Icon className={`${size} tone-${tone}${turning}`} aria-hidden />;
}

type ChipProps = { tone: Tone; children: ReactNode; icon?: LucideIcon | false; title?: string };

export function Chip({ tone, children, icon, title }: ChipProps) {
  const shown = icon !== false && (icon !== undefined || tone !== "neutral");
  return (
    <span className={`chip tone-${tone}`} title={title}>
      {shown && <ToneIcon tone={tone} small as={icon || undefined} />}
      {children}
    </span>
  );
}
