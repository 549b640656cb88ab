import type { Step } from '../step';
import { deploy } from './deploy';
import { destroy } from './destroy';
import { drift } from './drift';
import { enroll } from './enroll';
import { enrollChanged } from './enroll-changed';
import { makeTheStranger } from './make-stranger';
import { nothingLeft } from './nothing-left';
import { removeTheStranger } from './remove-stranger';
import { status } from './status';
import { update } from './update';
import { walkThrough } from './walk-through';
import { walkThroughChanged } from './walk-through-changed';

/** The steps of a rehearsal, in their order. Those that clean up come last. */
export const steps: readonly Step[] = [
  makeTheStranger,
  deploy,
  enroll,
  walkThrough,
  status,
  update,
  enrollChanged,
  walkThroughChanged,
  drift,
  destroy,
  nothingLeft,
  removeTheStranger,
];
