// ../../work/main/js/packages/player/test/support/frame-page.ts
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
var { rrweb } = await import(new URL("../../rrweb.mjs", import.meta.url).href);
var FRAME_PAGE = '<!doctype html><html><head><meta name="session-replay-frame"></head><body></body></html>';
var FRAME_POLICY = "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin";
var script;
async function bundle() {
  const entry = fileURLToPath(new URL("../../src/replay/index.ts", import.meta.url));
  return (await build({
    entryPoints: [entry],
    bundle: true,
    minify: false,
    write: false,
    format: "iife",
    loader: { ".css": "text" },
    plugins: [rrweb()]
  })).outputFiles[0].text.trim();
}
async function stagePage() {
  script ??= bundle();
  const text = await script;
  const hash = createHash("sha256").update(text).digest("base64");
  return {
    html: `<!doctype html><html><head><meta charset="utf-8"></head><body><script>${text}</script></body></html>`,
    policy: `default-src 'none'; script-src 'sha256-${hash}'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'`
  };
}
function answerReplay(url, response, withPolicy = true) {
  const name = url.slice(url.lastIndexOf("/") + 1);
  if (name === "replay-frame") {
    response.writeHead(200, { "Content-Type": "text/html", ...withPolicy ? { "Content-Security-Policy": FRAME_POLICY } : {} }).end(FRAME_PAGE);
  } else if (name === "replay-stage") {
    void stagePage().then(
      ({ html, policy }) => response.writeHead(200, { "Content-Type": "text/html", "Content-Security-Policy": policy }).end(html)
    );
  } else {
    return false;
  }
  return true;
}
export {
  FRAME_PAGE,
  answerReplay,
  stagePage
};
