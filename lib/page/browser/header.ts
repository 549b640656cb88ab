import type { PageState } from '../model/state';
import { byId, setAttribute, setText } from './dom';

const marks = { running: '…', pass: '✓', fail: '✗' };
const targets = {
  local: 'IoT Core Local on this machine',
  account: 'an account on this machine',
  aws: 'AWS IoT Core',
};

/** Shows topic, target, versions, and the verdict as a sentence. */
export function patchHeader({ show, verdict }: PageState): void {
  if (!show) return;
  const version = show.mqtt === 3 ? '3.1.1' : '5';
  setText(byId('topic', 'h1'), show.topic);
  setText(byId('where', 'p'), `${targets[show.target]} · MQTT ${version} · QoS ${show.qos}`);
  setAttribute(byId('verdict', 'div'), 'data-verdict', verdict.verdict);
  setText(byId('verdict-mark', 'span'), marks[verdict.verdict]);
  setText(byId('verdict-sentence', 'span'), verdict.sentence);
  setText(byId('verdict-details', 'p'), verdict.details.join(' '));
}
