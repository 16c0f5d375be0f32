// A line of one side's template, as it stands in the address: `payments-api@right:51`.

export type Spot = { stack: string; side: "left" | "right"; line: number };

export const spotText = ({ stack, side, line }: Spot) => `${stack}@${side}:${line}`;

export function readSpot(text: string | undefined): Spot | undefined {
  const found = /^(.+)@(left|right):([1-9]\d{0,6})$/.exec(text ?? "");
  return found ? { stack: found[1] ?? "", side: found[2] === "left" ? "left" : "right", line: Number(found[3]) } : undefined;
}
