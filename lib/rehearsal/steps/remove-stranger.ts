import { removeStranger } from '../account/stranger';
import type { Step } from '../step';

/** The removal of what the rehearsal itself has made. */
export const removeTheStranger: Step<void> = {
  name: "the stranger's things are removed",
  lookAt: 'The thing, the policy and the certificate of "rehearsal-stranger": remove them by hand.',
  isCleanup: true,
  async run({ account, stranger }) {
    if (stranger) await removeStranger(account, stranger);
  },
  verdict: () => ({ summary: 'the account is as it was', problems: [] }),
};
