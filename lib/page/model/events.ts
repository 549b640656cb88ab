/** What a show is about: a running fleet, or a scenario of the walk-through. */
export interface ShowInfo {
  readonly kind: 'live' | 'scenario';
  /** `live`, or the scenario's name. */
  readonly name: string;
  /** A sentence that says what to look at. */
  readonly caption: string;
  readonly topic: string;
  /** AWS IoT Core, an account on this machine, or the IoT Core Local that the page has started. */
  readonly target: 'aws' | 'account' | 'local';
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
  /** The cars, then each group's members, then the consumers. */
  readonly devices: readonly DeviceInfo[];
  /** What can be tried that must be refused; empty in a scenario, which has its own attempts. */
  readonly attempts: readonly AttemptInfo[];
  /** The most messages a second. */
  readonly mostPerSecond: number;
}

/** A scenario that can be played. */
export interface ScenarioInfo {
  readonly name: string;
  readonly shows: string;
  /** Why it cannot be played with this fleet. */
  readonly unavailable?: string;
}

/** A device as the page knows it: no key, no certificate, no path. */
export interface DeviceInfo {
  readonly name: string;
  readonly clientId: string;
  readonly role: 'car' | 'member' | 'consumer';
  /** A member's group. */
  readonly group?: string;
}

/** A forbidden attempt. */
export interface AttemptInfo {
  /** The thing that makes it, or the one that a client pretends to be. */
  readonly device: string;
  /** What it is, as the beginning of a sentence: `car1 subscribing to cars/data`. */
  readonly sentence: string;
  /** The client id that it is made under. */
  readonly client: string;
  /** The action of an AWS IoT policy: `iot:Subscribe`. */
  readonly action: string;
  /** The resource without the beginning of its ARN: `topicfilter/cars/data`. */
  readonly resource: string;
}

/** A forbidden attempt and its outcome. */
export interface Tried {
  readonly attempt: AttemptInfo;
  readonly isRefused: boolean;
  /** The server's answer, such as `SUBACK 0x87`, or why it does not count as refused. */
  readonly answer: string;
  /** Why the target refuses, where it says so. */
  readonly reason?: string;
  /** The statement that would allow it, in JSON, where the target names one. */
  readonly statement?: string;
}

/** What a device does. `killed` and `left` are its user's choice, `lost` is not. */
export type ClientStatus = 'away' | 'connecting' | 'connected' | 'subscribed' | 'leaving' | 'left' | 'killed' | 'lost';

/** A show's verdict, or how it stands so far. */
export interface ShowVerdict {
  readonly verdict: 'running' | 'pass' | 'fail';
  readonly sentence: string;
  /** More sentences. */
  readonly details: readonly string[];
}

/** Numbers to compare. */
export interface Measured {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

/** An event of a show. Devices have their things' names. Messages have numbers, from 1, in the order of publication. */
export type PageEvent =
  /** A show begins. What was before is over. */
  | { readonly type: 'show'; readonly show: ShowInfo }
  | { readonly type: 'status'; readonly device: string; readonly status: ClientStatus; readonly problem?: string }
  | { readonly type: 'rate'; readonly perSecond: number; readonly isPaused: boolean }
  /** How many milliseconds a subscriber takes for a message. */
  | { readonly type: 'work'; readonly device: string; readonly milliseconds: number }
  /** A car publishes a message. */
  | { readonly type: 'published'; readonly number: number; readonly device: string; readonly label: string }
  /** The server acknowledged a car's message (QoS 1), or the car has sent it (QoS 0). */
  | { readonly type: 'accepted'; readonly number: number; readonly device: string }
  /** A subscriber got a message: from a car, or again after `from` had not acknowledged it. */
  | {
      readonly type: 'arrived';
      readonly number: number;
      readonly device: string;
      readonly from: string;
      readonly isAgain: boolean;
    }
  /** A subscriber has done its work for a message and acknowledges it (QoS 1). */
  | { readonly type: 'done'; readonly number: number; readonly device: string }
  /** The scenario takes its next step. */
  | { readonly type: 'step'; readonly sentence: string }
  | { readonly type: 'measured'; readonly measured: Measured }
  | { readonly type: 'tried'; readonly tried: Tried }
  | { readonly type: 'verdict'; readonly verdict: ShowVerdict }
  /** The show is over. Nothing more can be done to it. */
  | { readonly type: 'ended'; readonly sentence: string };

/** What the server tells a page that connects, before anything else. */
export interface Hello {
  /** Another server, or another start of the same, has another. */
  readonly server: string;
  readonly scenarios: readonly ScenarioInfo[];
  /** Whether a recording is played. */
  readonly isRecording: boolean;
}

/** Gets what happens in a show. */
export type Tell = (event: PageEvent) => void;
