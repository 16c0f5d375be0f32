// Compares two templates with @aws-cdk/cloudformation-diff, once for each line on standard input,
// and answers each with the milliseconds that it took and how many changes it found.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fullDiff } from '@aws-cdk/cloudformation-diff';

const [before, after] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'again') break;
  const start = process.hrtime.bigint();
  const difference = fullDiff(before, after);
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  console.log(`${took} ${difference.resources.differenceCount}`);
}
