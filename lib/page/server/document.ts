import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { projectRoot } from '../../fleet/project';

/** The page as one HTML file, and the policy by which a browser runs its script and style and nothing else. */
export interface PageDocument {
  readonly html: string;
  /** The value of Content-Security-Policy. */
  readonly contentSecurityPolicy: string;
}

const folder = join(projectRoot, 'lib', 'page', 'browser');

/**
 * Bundles the page.
 *
 * @param token - what a request must carry that changes something
 */
export function pageDocument(token: string): PageDocument {
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  const script = outputFiles[0].text;
  const style = readFileSync(join(folder, 'page.css'), 'utf8');
  const html = readFileSync(join(folder, 'page.html'), 'utf8')
    .replace(/<style>.*?<\/style>/s, () => `<style>${style}</style>`)
    .replace(/<script>.*?<\/script>/s, () => `<script>${script}</script>`)
    .replace('content="token"', () => `content="${token}"`);
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "connect-src 'self'",
    // The empty icon.
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, contentSecurityPolicy };
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
