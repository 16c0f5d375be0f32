// The bank's clock: it starts when the page is opened, so that ages stay believable.

const opened = Date.now();

export const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
export const ago = (minutes: number) => iso(opened - minutes * 60_000);
export const ahead = (minutes: number) => iso(opened + minutes * 60_000);
export const HOUR = 60;
export const DAY = 24 * HOUR;

/** The coming weekend's freeze: Friday 18:00 to Monday 06:00. */
export function weekend(active: boolean): { starts: string; ends: string } {
  if (active) return { starts: ago(5 * HOUR), ends: ahead(2 * DAY) };
  const friday = new Date(opened);
  friday.setHours(18, 0, 0, 0);
  friday.setDate(friday.getDate() + ((5 - friday.getDay() + 7) % 7));
  if (friday.getTime() <= opened) friday.setDate(friday.getDate() + 7);
  return { starts: friday.toISOString(), ends: iso(friday.getTime() + 60 * 3_600_000) };
}

/** Lets time pass. */
export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
