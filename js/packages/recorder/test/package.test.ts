import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { useHarness } from './support/harness.ts';

const recorder = join(import.meta.dirname, '..');
const tools = join(recorder, '..', '..', 'node_modules');

const page = `import { init, type RecorderOptions, type SessionReplayClient } from '@session-replay/recorder';

const options: RecorderOptions = { endpoint: '/session-replay', appVersion: '7', onError: (failure) => console.error(failure.where) };
const replay: SessionReplayClient = init('wk', options);
replay.track('installed', { from: 'npm' });
replay.flush();
`;
const script = page
  .replace(', type RecorderOptions, type SessionReplayClient', '')
  .replaceAll(/: (RecorderOptions|SessionReplayClient)/g, '');
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** The packed module, installed from its tarball into empty projects. */
describe('the packed module', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recorder-package-'));
  let tarball: string;

  beforeAll(() => {
    run('npm', ['pack', '--pack-destination', folder], recorder);
    tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Makes a project in which nothing but the tarball is installed. */
  function project(name: string, files: Record<string, string>): string {
    const root = join(folder, name);
    mkdirSync(root);
    for (const [path, text] of Object.entries({ 'package.json': '{ "name": "app", "private": true, "type": "module" }', ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], root);
    expect(readdirSync(join(root, 'node_modules')).filter((entry) => !entry.startsWith('.'))).toEqual(['@session-replay']);
    return root;
  }

  test('is imported in plain Node, as a server that renders pages does', () => {
    const root = project('node', {
      'server.mjs': "import { init, version } from '@session-replay/recorder';\nconsole.log(typeof init, version, typeof window);\n",
    });
    expect(run('node', ['server.mjs'], root).trim()).toBe(
      `function ${JSON.parse(readFileSync(join(recorder, 'package.json'), 'utf8')).version} undefined`,
    );
  });

  test.each(['Bundler', 'NodeNext'])('has types that resolve with moduleResolution %s and without skipLibCheck', (moduleResolution) => {
    const root = project(`types-${moduleResolution}`, {
      'page.ts': page,
      'wrong.ts': `${page}replay.track(1);\ninit('wk', { maskAllTexts: true });\n`,
    });
    const check = (file: string): string =>
      run(
        'node',
        [
          join(tools, 'typescript', 'bin', 'tsc'), '--noEmit', '--strict', '--target', 'ES2022', '--module',
          moduleResolution === 'Bundler' ? 'ESNext' : 'NodeNext', '--moduleResolution', moduleResolution, file,
        ],
        root,
      );
    check('page.ts');
    expect(() => check('wrong.ts')).toThrow(/TS2345[\s\S]*maskAllTexts/);
  });

  describe.runIf(hasBrowser())('in a browser', () => {
    const h = useHarness();

    async function expectRecorded(dist: string): Promise<void> {
      for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => extname(name) in types)) {
        h.server.files[`/${path}`] = { type: types[extname(path)]!, body: readFileSync(join(dist, path)) };
      }
      await h.page.goto(`${h.server.origin}/index.html`);
      await h.server.until(() => h.server.events.some((e) => e.custom?.name === 'installed'), 'what the page said');
      await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'a full snapshot');
      expect(h.allText()).toContain('A bundled page');
      expect(h.pageErrors).toEqual([]);
    }

    test('records a page that Vite bundles from TypeScript', async () => {
      const root = project('vite', {
        'index.html': '<!doctype html><h1>A bundled page</h1><script type="module" src="/src/page.ts"></script>',
        'src/page.ts': page,
      });
      run('node', [join(tools, 'vite', 'bin', 'vite.js'), 'build'], root);
      await expectRecorded(join(root, 'dist'));
    });

    test('records a page that webpack bundles', async () => {
      const root = project('webpack', { 'src/index.js': script });
      run('node', [join(tools, 'webpack', 'bin', 'webpack.js'), '--mode', 'production', '--entry', './src/index.js', '-o', 'dist'], root);
      writeFileSync(join(root, 'dist', 'index.html'), '<!doctype html><h1>A bundled page</h1><script src="/main.js"></script>');
      await expectRecorded(join(root, 'dist'));
    });
  });
});

/** Runs a program; what it printed is in the error when it fails. */
function run(program: string, args: string[], cwd: string): string {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout}\n${stderr}`);
  }
}
