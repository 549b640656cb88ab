import type { Scenario } from '../scenario';
import { failover } from './failover';
import { figure } from './figure';
import { notShared } from './not-shared';
import { offline } from './offline';
import { policies } from './policies';
import { scale } from './scale';
import { shared } from './shared';
import { slow } from './slow';

/** All scenarios, in the order in which a person may want to see them. */
export const scenarios: readonly Scenario[] = [shared, notShared, figure, failover, slow, scale, offline, policies];
