import type { PageEvent } from '../model/events';
import { reduce } from '../model/reduce';
import { noState, type PageState } from '../model/state';
import { Announcer } from './announcer';
import { readEvents } from './connection';
import { FleetView } from './fleet-view';
import { ForbiddenPanel } from './forbidden-panel';
import { patchHeader } from './header';
import { showLegend } from './legend';
import { NotesPanel } from './notes-panel';
import { ShowBar } from './show-bar';
import { Travel } from './travel';

/** How many events are kept for messages that are seen to travel. */
const mostTravelling = 50;

const showBar = new ShowBar();
const forbidden = new ForbiddenPanel();
const notes = new NotesPanel();
const announcer = new Announcer();
const travel = new Travel();
let fleet: FleetView | undefined;
let isRecording = false;
let state: PageState = noState;
let shown: PageState | undefined;
let recent: readonly PageEvent[] = [];
let isDue = false;

/** Has the page patched before the browser paints next. However many events came since, it is patched once. */
function patchSoon(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    patch();
  });
}

function patch(): void {
  const { show } = state;
  showBar.patch(state);
  if (show && (!fleet || shown?.show !== show)) {
    const canAct = show.kind === 'live' && !isRecording;
    fleet = new FleetView(show, canAct);
    forbidden.begin(show, canAct);
    showLegend(show.qos);
  }
  shown = state;
  patchHeader(state);
  fleet?.patch(state);
  forbidden.patch(state);
  notes.patch(state);
  announcer.patch(state);
  if (fleet) travel.show(recent, fleet);
  recent = [];
}

readEvents({
  hello: (hello) => {
    isRecording = hello.isRecording;
    showBar.begin(hello);
  },
  state: (given) => {
    // The same show keeps its object, and so its cards.
    const isSame = JSON.stringify(given.show) === JSON.stringify(state.show);
    state = isSame ? { ...given, show: state.show } : given;
    recent = [];
    patchSoon();
  },
  events: (events) => {
    state = reduce(state, events);
    recent = [...recent, ...events].slice(-mostTravelling);
    patchSoon();
  },
  ended: () => state.ended,
});
