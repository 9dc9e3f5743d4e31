import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const { rrweb } = (await import(new URL('../../rrweb.mjs', import.meta.url).href)) as { rrweb: () => Plugin };

/** The document in which a page is built, as the server sends it (ReplayDocuments.cs). */
export const FRAME_PAGE = '<!doctype html><html><head><meta name="session-replay-frame"></head><body></body></html>';

/** The policy that the server gives it. */
const FRAME_POLICY =
  "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; "
  + "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin";

let script: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../../src/replay/index.ts', import.meta.url));
  return (
    await build({
      entryPoints: [entry], bundle: true, minify: true, write: false, format: 'iife', loader: { '.css': 'text' }, plugins: [rrweb()],
    })
  ).outputFiles[0]!.text.trim();
}

/** The page with the stage, and its policy. */
export async function stagePage(): Promise<{ html: string; policy: string }> {
  script ??= bundle();
  const text = await script;
  const hash = createHash('sha256').update(text).digest('base64');
  return {
    html: `<!doctype html><html><head><meta charset="utf-8"></head><body><script>${text}</script></body></html>`,
    policy:
      `default-src 'none'; script-src 'sha256-${hash}'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; `
      + "require-trusted-types-for 'script'; trusted-types 'none'",
  };
}

/** Answers as the server does for the stage and its frame, below any path. Gives false for everything else. */
export function answerReplay(url: string, response: ServerResponse, withPolicy = true): boolean {
  const name = url.slice(url.lastIndexOf('/') + 1);
  if (name === 'replay-frame') {
    response
      .writeHead(200, { 'Content-Type': 'text/html', ...(withPolicy ? { 'Content-Security-Policy': FRAME_POLICY } : {}) })
      .end(FRAME_PAGE);
  } else if (name === 'replay-stage') {
    void stagePage().then(({ html, policy }) =>
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy }).end(html),
    );
  } else {
    return false;
  }
  return true;
}
