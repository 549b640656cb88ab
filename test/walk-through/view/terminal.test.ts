import { asciiOf, terminalOf } from '../../../lib/walk-through/view/terminal';

const tty = { isTTY: true, columns: 80 };

test.each<[string, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean]>([
  ['a terminal', tty, {}, true],
  ['a pipe', {}, {}, false],
  ['a terminal with NO_COLOR', tty, { NO_COLOR: '1' }, false],
  ['a terminal with an empty NO_COLOR', tty, { NO_COLOR: '' }, true],
  ['a dumb terminal', tty, { TERM: 'dumb' }, false],
  ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
  ['a pipe with an empty FORCE_COLOR', {}, { FORCE_COLOR: '' }, true],
  ['a terminal with FORCE_COLOR=0', tty, { FORCE_COLOR: '0' }, false],
  ['a pipe with FORCE_COLOR and NO_COLOR', {}, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
])('Color is right for %s', (_, stream, env, color) => {
  expect(terminalOf(stream, env).color).toBe(color);
});

test.each<[string, NodeJS.ProcessEnv, NodeJS.Platform, boolean]>([
  ['a UTF-8 locale', { LANG: 'en_US.UTF-8' }, 'linux', true],
  ['a UTF-8 locale by another spelling', { LC_CTYPE: 'C.utf8' }, 'linux', true],
  ['LANG=C', { LANG: 'C' }, 'linux', false],
  ['no locale', {}, 'linux', false],
  ['LC_ALL=C over a UTF-8 LANG', { LC_ALL: 'C', LANG: 'en_US.UTF-8' }, 'darwin', false],
  ['the Linux console', { TERM: 'linux', LANG: 'en_US.UTF-8' }, 'linux', false],
  ['Windows', {}, 'win32', true],
])('Unicode is right for %s', (_, env, platform, unicode) => {
  expect(terminalOf(tty, env, platform).unicode).toBe(unicode);
});

test.each([
  [tty, 80],
  [{ isTTY: true, columns: 0 }, 80],
  [{ isTTY: false, columns: 80 }, undefined],
])('The columns of %j are %p', (stream, columns) => {
  expect(terminalOf(stream, {}).columns).toBe(columns);
});

test('A line in ASCII has the same columns and no other characters', () => {
  expect(asciiOf('✓ speed 75 ───●─○─× … „Ü“')).toBe('+ speed 75 ---*-o-x ~ ???');
});
