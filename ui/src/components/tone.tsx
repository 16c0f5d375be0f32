// States as icon, word and colour. Never colour alone.
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { Tone } from "../contract";
import { Shape, type ShapeName } from "./shape";

export const toneShapes: Record<Tone, ShapeName> = {
  ok: "circle-check", running: "loader-circle", waiting: "hand", bad: "circle-x", drift: "circle-exclamation-point", frozen: "snowflake",
  unknown: "circle-dashed", neutral: "minus",
};

type IconProps = { tone: Tone; small?: boolean; label?: string; as?: LucideIcon };

export function ToneIcon({ tone, small = false, label, as }: IconProps) {
  const Icon = as;
  const turning = tone === "running" && !as ? " spin" : "";
  const look = `${small ? "icon-s" : "icon"} tone-${tone}${turning}`;
  if (!Icon) return <Shape name={toneShapes[tone]} className={look} label={label} />;
  return label ? <Icon className={look} role="img" aria-label={label} /> : <Icon className={look} aria-hidden />;
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
