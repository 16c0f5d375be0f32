// A stand-in for SHA-256: stable, spread, sixty-four hex digits.
export function digestOf(text: string): string {
  let state = 2_166_136_261;
  let hex = "";
  for (let round = 0; round < 8; round += 1) {
    for (const letter of `${round}${text}`) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
    hex += state.toString(16).padStart(8, "0");
  }
  return hex;
}
export const short = (digest: string) => `${digest.slice(0, 4)} ${digest.slice(4, 8)} ${digest.slice(8, 12)}`;
