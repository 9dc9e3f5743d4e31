import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles an entry of these tests for a page. */
export async function bundle(entry: string): Promise<string> {
  const entryPoints = [fileURLToPath(new URL(`../${entry}`, import.meta.url))];
  return (await build({ entryPoints, bundle: true, write: false, format: 'iife' })).outputFiles[0]!.text;
}
