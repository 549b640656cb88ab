// Runs a TypeScript file as one bundle, which esbuild makes of it and of all that it imports of this project:
//
//   node --require ./scripts/bundle.cjs scripts/NAME.ts
//
// A bundle is kept in node_modules/.cache and run again as long as its sources have the same content. Where it cannot be kept, it is made at
// each start. docs/decisions/scripts-run-from-a-bundle.md says why.

require('./node-version.cjs');
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { setFlagsFromString } = require('node:v8');

const root = dirname(__dirname);
const cache = join(root, 'node_modules', '.cache', 'iot-shared-subscriptions');

/** What a bundle depends on beside its sources, by paths from the root. */
const settings = [relative(root, __filename), 'package.json', 'tsconfig.json', 'node_modules/esbuild/package.json'];

/**
 * A script as JavaScript.
 *
 * @typedef {object} Bundle
 * @property {string} code - with its source map
 * @property {string[]} sources - the files that it was made of, by their paths from the root
 */

// V8 stops inlining into a function at 920 bytes of others' bytecode. A message goes through many small functions: with more room it takes 9 %
// less of our code's time at QoS 1, and 15 % less at QoS 0.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000');

// Stack traces name the TypeScript's files and lines.
process.setSourceMapsEnabled(true);

// Node.js calls it for the script. All that the script imports of this project is in the bundle, with what it imports late.
require.extensions['.ts'] = (module, file) => {
  const kept = join(cache, encodeURIComponent(relative(root, file)));
  const bundle = readBundle(kept) ?? makeBundle(file, kept);
  module._compile(bundle.code, file);
};

/** @returns {Bundle} */
function makeBundle(file, kept) {
  const begin = Date.now();
  const { outputFiles, metafile } = loadEsbuild().buildSync({
    entryPoints: [file],
    absWorkingDir: root,
    outfile: `${file}.js`,
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // With one extension, no new file can take the place of one that was imported before.
    resolveExtensions: ['.ts'],
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'silent',
  });
  const bundle = { code: outputFiles[0].text, sources: Object.keys(metafile.inputs) };
  keepBundle(kept, bundle, begin);
  return bundle;
}

/** esbuild without the thread and the process that it keeps for later calls: for one bundle they are slower, and a script may run for days. */
function loadEsbuild() {
  const { ESBUILD_WORKER_THREADS: given } = process.env;
  process.env.ESBUILD_WORKER_THREADS = '0';
  try {
    return require('esbuild');
  } finally {
    // An esbuild that was loaded before, and has such a thread, would wait forever for one that starts with this variable.
    if (given === undefined) delete process.env.ESBUILD_WORKER_THREADS;
    else process.env.ESBUILD_WORKER_THREADS = given;
  }
}

/**
 * A bundle that was kept, if it is whole and its sources have the same content as then.
 *
 * @returns {Bundle | undefined}
 */
function readBundle(kept) {
  try {
    const text = readFileSync(kept, 'utf8');
    const endOfHead = text.indexOf('\n');
    const { checksum, sources } = JSON.parse(text.slice(0, endOfHead));
    const bundle = { code: text.slice(endOfHead + 1), sources };
    return checksumOf(bundle) === checksum ? bundle : undefined;
  } catch {
    // There is none, it is damaged, or one of its sources is gone.
    return undefined;
  }
}

/**
 * Replaces the bundle that was kept of the same script. What another process reads of a half-written one has another checksum.
 *
 * @param {number} begin - when esbuild began to read the sources
 */
function keepBundle(kept, bundle, begin) {
  try {
    // The checksum of a source that changes meanwhile may be of another text than the bundle's. Some file systems count in steps of 2 s.
    const isOld = (path) => statSync(join(root, path)).mtimeMs < begin - 2_000;
    if (!filesOf(bundle).every(isOld)) return;
    const head = JSON.stringify({ checksum: checksumOf(bundle), sources: bundle.sources });
    mkdirSync(cache, { recursive: true });
    rmSync(kept, { force: true });
    writeFileSync(kept, `${head}\n${bundle.code}`);
  } catch {
    // The folder is read-only, or the disk full. The bundle runs all the same.
  }
}

/** All files that a bundle depends on. */
function filesOf({ sources }) {
  return [...settings, ...sources];
}

/** A checksum of a bundle's code, and of all that it depends on as it is now. */
function checksumOf({ code, sources }) {
  const hash = createHash('sha256').update(code);
  for (const path of filesOf({ sources })) {
    const content = readFileSync(join(root, path));
    hash.update(`\n${path} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}
