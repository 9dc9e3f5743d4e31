// Prints the scores of eng/mutation.sh and writes what survived: node eng/mutation-table.mjs Crypto Format
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

console.log('| code | mutants | noticed | survived | no test runs it | score |\n| --- | --- | --- | --- | --- | --- |');
for (const name of process.argv.slice(2)) {
  const folder = join('artifacts/mutation', name);
  const { files } = JSON.parse(readFileSync(join(folder, 'mutation-report.json'), 'utf8'));
  const mutants = Object.entries(files).flatMap(([path, file]) => file.mutants.map((mutant) => ({ ...mutant, path, source: file.source })));
  const count = (...states) => mutants.filter(({ status }) => states.includes(status)).length;
  const noticed = count(...NOTICED);
  const all = noticed + count(...MISSED);
  console.log(`| ${name} | ${all} | ${noticed} | ${count('Survived')} | ${count('NoCoverage')} | ${((100 * noticed) / all).toFixed(1)} % |`);
  writeFileSync(join(folder, 'survivors.txt'), mutants.filter(({ status }) => MISSED.includes(status)).map(describe).join(''));
}

function describe({ path, location: { start, end }, source, status, mutatorName, replacement }) {
  const lines = source.split('\n').slice(start.line - 1, end.line).join('\n');
  const was = lines.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
  const file = path.replace(/^.*\/src\//, 'src/');
  return `${file}:${start.line} ${status} (${mutatorName})\n  was: ${flat(was)}\n  now: ${flat(replacement ?? '')}\n`;
}

function flat(text) {
  return text.replace(/\s+/g, ' ').slice(0, 160);
}
