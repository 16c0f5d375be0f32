// One comparison as a process of its own: reads two templates, prints what differs.
import { readFileSync } from 'node:fs';
import { formatDifferences, fullDiff } from '@aws-cdk/cloudformation-diff';

const [before, after] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
formatDifferences(process.stdout, fullDiff(before, after));
