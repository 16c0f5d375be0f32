// Times: relative for reading, absolute on hover, in the reader's own zone.
import { useEffect, useState, useSyncExternalStore } from "react";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How often the present is renewed: what is newer than the last renewal is not yet to come. */
const TICK = 10;

export function relative(at: string, now: number): string {
  const seconds = (now - Date.parse(at)) / 1000;
  if (Number.isNaN(seconds)) return "unknown time";
  const value = Math.abs(seconds);
  if (value < 5 || (seconds < 0 && value <= TICK)) return "now";
  const text = value < MINUTE ? `${Math.floor(value)} s`
    : value < HOUR ? `${Math.floor(value / MINUTE)} min`
    : value < DAY ? `${Math.floor(value / HOUR)} h`
    : value < 100 * DAY ? `${Math.floor(value / DAY)} d`
    : value < 365 * DAY ? `${Math.floor(value / (30.4 * DAY))} mo`
    : `${Math.floor(value / (365 * DAY))} y`;
  return seconds < 0 ? `in ${text}` : text;
}

const formats = {
  absolute: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }),
  clock: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  day: new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
};

function format(kind: keyof typeof formats, at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : formats[kind].format(date);
}

// Telling a time costs much of what a row of the matrix costs, and the same ones come again whenever a row is scrolled to.
const toldBefore = new Map<string, string>();

export function absolute(at: string): string {
  let text = toldBefore.get(at);
  if (text === undefined) {
    if (toldBefore.size >= 20_000) toldBefore.clear();
    text = format("absolute", at);
    toldBefore.set(at, text);
  }
  return text;
}

export const clock = (at: string) => format("clock", at);
/** Such as `Fri, Nov 27, 18:00`. */
export const day = (at: string) => format("day", at);

export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return "< 1 s";
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(watcher: () => void) {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, TICK * 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The present, renewed every ten seconds for everybody at once. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** The present, renewed every second while something runs. */
export function useSeconds(running: boolean): number {
  const [present, setPresent] = useState(Date.now);
  useEffect(() => {
    if (!running) return undefined;
    const each = setInterval(() => setPresent(Date.now()), 1_000);
    return () => clearInterval(each);
  }, [running]);
  return present;
}

export function Ago({ at, suffix = "" }: { at: string | null | undefined; suffix?: string }) {
  const present = useNow();
  if (!at) return <span>never</span>;
  const text = relative(at, present);
  const words = suffix === "" || text.startsWith("in ") ? text : text === "now" ? "just now" : text + suffix;
  return <time dateTime={at} title={absolute(at)}>{words}</time>;
}

const instant = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;

/** The same as plain text, for names and hovers. */
export const told = (text: string) => text.split(instant).map((part, index) => (index % 2 === 1 ? absolute(part) : part)).join("");

/** A time by its clock as long as nobody can take it for another day's. */
const near = (at: string) => (Math.abs(Date.parse(at) - Date.now()) < 12 * HOUR * 1000 ? clock(at) : day(at));

/** A sentence in which instants are told in the reader's zone. */
export function Told({ text }: { text: string }) {
  return text.split(instant).map((part, index) => (index % 2 === 1
    ? <time key={part} dateTime={part} title={absolute(part)}>{near(part)}</time>
    : part));
}
