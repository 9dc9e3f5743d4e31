// Prints the table of eng/coverage.sh: node eng/coverage-table.mjs artifacts/coverage
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
/** By package: the covered and all lines, and the covered and all branches. */
const packages = new Map();

const dotnet = join(folder, 'Summary.json');
if (existsSync(dotnet)) {
  for (const one of JSON.parse(readFileSync(dotnet, 'utf8')).coverage.assemblies) {
    packages.set(one.name, [one.coveredlines, one.coverablelines, one.coveredbranches, one.totalbranches]);
  }
}

const js = join(folder, 'js', 'coverage-summary.json');
if (existsSync(js)) {
  for (const [path, { lines, branches }] of Object.entries(JSON.parse(readFileSync(js, 'utf8')))) {
    const name = /\/packages\/(\w+)\/src\//.exec(path)?.[1];
    if (name === undefined) continue;
    const sum = packages.get(`js/${name}`) ?? [0, 0, 0, 0];
    packages.set(`js/${name}`, [lines.covered, lines.total, branches.covered, branches.total].map((count, i) => sum[i] + count));
  }
}

console.log('| package | lines | of | branches | of |\n| --- | --- | --- | --- | --- |');
for (const [name, [covered, lines, taken, branches]] of packages) {
  console.log(`| ${name} | ${percent(covered, lines)} | ${lines} | ${percent(taken, branches)} | ${branches} |`);
}

function percent(part, all) {
  return all === 0 ? '' : `${((100 * part) / all).toFixed(1)} %`;
}
