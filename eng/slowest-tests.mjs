// Prints the slowest tests of a run of test.sh: node eng/slowest-tests.mjs artifacts/test [how many]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, count = '10'] = process.argv.slice(2);
const tests = [];

// A suite of .NET writes NAME/NAME.trx: <UnitTestResult testName="…" duration="00:01:02.3456789" …>
for (const suite of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const file = join(folder, suite.name, `${suite.name}.trx`);
  if (!existsSync(file)) continue;
  for (const [element] of readFileSync(file, 'utf8').matchAll(/<UnitTestResult\s[^>]*>/g)) {
    const duration = attribute(element, 'duration');
    if (duration === undefined) continue;
    const [hours, minutes, seconds] = duration.split(':').map(Number);
    tests.push({ suite: suite.name, name: shorten(attribute(element, 'testName') ?? ''), seconds: hours * 3600 + minutes * 60 + seconds });
  }
}

const vitest = join(folder, 'vitest.json');
if (existsSync(vitest)) {
  for (const file of JSON.parse(readFileSync(vitest, 'utf8')).testResults) {
    for (const test of file.assertionResults) tests.push({ suite: 'js', name: test.fullName, seconds: (test.duration ?? 0) / 1000 });
  }
}

tests.sort((one, other) => other.seconds - one.seconds);
for (const { suite, name, seconds } of tests.slice(0, Number(count))) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${suite.replace(/^SessionReplay\./, '')}: ${name}`);
}

function attribute(element, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(element)?.[1];
  return value?.replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&#x([0-9A-Fa-f]+);/g, (_, code) => String.fromCodePoint(parseInt(code, 16))).replace(/&amp;/g, '&');
}

// Without namespaces: Class.Method(arguments)
function shorten(name) {
  const [method, ...rest] = name.split('(');
  return [method.split('.').slice(-2).join('.'), ...rest].join('(');
}
