// The one vocabulary of states: icon, word, colour. Never colour alone.
import {
  CircleAlert, CircleCheck, CircleDashed, CircleX, Hand, LoaderCircle, Minus, Snowflake, type LucideIcon,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Tone } from "../contract";

export const toneIcons: Record<Tone, LucideIcon> = {
  ok: CircleCheck, running: LoaderCircle, waiting: Hand, bad: CircleX, drift: CircleAlert, frozen: Snowflake,
  unknown: CircleDashed, neutral: Minus,
};

export const toneWords: Record<Tone, string> = {
  ok: "in order", running: "in progress", waiting: "waiting", bad: "failed", drift: "drifted", frozen: "frozen",
  unknown: "unknown", neutral: "",
};

export function ToneIcon({ tone, small = false, label }: { tone: Tone; small?: boolean; label?: string }) {
  const Icon = toneIcons[tone];
  const size = small ? "icon-s" : "icon";
  const turning = tone === "running" ? " spin" : "";
  return label
    ? <Icon className={`${size} tone-${tone}${turning}`} role="img" aria-label={label} />
    : <Icon className={`${size} tone-${tone}${turning}`} aria-hidden />;
}

export function Chip({ tone, children, icon = true }: { tone: Tone; children: ReactNode; icon?: boolean }) {
  return (
    <span className={`chip tone-${tone}`}>
      {icon && tone !== "neutral" && <ToneIcon tone={tone} small />}
      {children}
    </span>
  );
}
