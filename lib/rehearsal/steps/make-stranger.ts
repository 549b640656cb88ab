import { makeStranger, type Stranger } from '../account/stranger';
import { strangerIn } from '../rehearsal';
import type { Step } from '../step';

/** Something in the account that no stack owns. */
export const makeTheStranger: Step<Stranger> = {
  name: "a stranger's thing, certificate and policy",
  lookAt: 'The permissions of these credentials: docs/aws.md lists those that are needed.',
  async run(rehearsal) {
    await makeStranger(rehearsal.account, (stranger) => {
      rehearsal.stranger = stranger;
    });
    return strangerIn(rehearsal);
  },
  verdict: ({ name }) => ({ summary: name, problems: [] }),
};
