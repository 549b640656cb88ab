import { type Cast, castOf, type Scenario } from '../../walk-through/scenario';
import type { PageAction } from '../model/actions';
import type { ScenarioInfo, Tell } from '../model/events';
import type { FleetSource } from './fleet-source';
import { LiveShow } from './live-show';
import { publicReason } from './public-reason';
import { playScenario } from './scenario-show';
import { ActionError, type Program, type Protocol } from './show';
import { StoppableClock } from './stoppable-clock';

export interface DirectorProps extends Protocol {
  readonly source: FleetSource;
  readonly scenarios: readonly Scenario[];
  readonly tell: Tell;
  /** Gets what may name a path, which must not reach the browser. */
  readonly complain: (sentence: string) => void;
  /** Milliseconds after which everything ends. @default - never */
  readonly duration?: number;
}

/** Has one show at a time: the live one, or a scenario. */
export class Director implements Program {
  readonly scenarios: readonly ScenarioInfo[];
  /** Resolves when the duration is over and all clients are closed. */
  readonly over: Promise<void>;
  private show: LiveShow | undefined;
  /** What is being changed, or which scenario is played. */
  private busyWith: string | undefined;
  private running: Promise<void> = Promise.resolve();
  /** Of scenarios. */
  private readonly clock = new StoppableClock();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly props: DirectorProps) {
    this.scenarios = props.scenarios.map((scenario) => {
      const { name, shows } = scenario;
      const unavailable = this.whyNot(scenario);
      return { name, shows, ...(unavailable && { unavailable }) };
    });
    this.over = new Promise((resolve) => {
      const { duration } = props;
      if (duration === undefined) return;
      this.timer = setTimeout(() => void this.end(duration).finally(resolve), duration);
    });
  }

  /**
   * Begins with the live show, or with a scenario.
   *
   * @throws Error if it cannot begin
   */
  async begin(scenario?: string): Promise<void> {
    await (scenario === undefined ? this.live() : this.play(this.scenarioNamed(scenario)));
  }

  async act(action: PageAction): Promise<void> {
    switch (action.do) {
      case 'live':
        this.requireIdle();
        return this.live();
      case 'scenario': {
        this.requireIdle();
        const scenario = this.scenarioNamed(action.name);
        // Its end is not awaited: the answer says that it has begun.
        this.play(scenario).catch((error: Error) => this.props.complain(error.message));
        return;
      }
      case 'replay':
        throw new ActionError('This is not a recording.');
      default:
        if (!this.show) throw new ActionError('Nothing can be done to a scenario. Go back to the live fleet.');
        return this.show.act(action);
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.isStopped = true;
    this.clock.stop();
    await this.show?.stop();
    this.show = undefined;
    await this.props.source.close();
    await this.running;
  }

  private async end(milliseconds: number): Promise<void> {
    await this.stop();
    const minutes = milliseconds / 60_000;
    this.props.tell({ type: 'ended', sentence: `The show is over: it ends after ${minutes} minutes.` });
  }

  private live(): Promise<void> {
    return this.alone('the live fleet begins', async () => {
      const { source, mqtt, qos, tell, complain } = this.props;
      const deployed = await source.deploy(castOf(source.fleet));
      this.show = new LiveShow({ ...deployed, mqtt, qos, tell, complain });
      await this.show.begin();
    });
  }

  private play(scenario: Scenario): Promise<void> {
    return this.alone(`the scenario "${scenario.name}" is played`, async () => {
      const { source, tell, complain } = this.props;
      const { mqtt = this.props.mqtt, qos = this.props.qos } = scenario;
      try {
        const deployed = await source.deploy(this.castFor(scenario));
        await playScenario({ ...deployed, scenario, mqtt, qos, tell, complain, clock: this.clock });
      } catch (error) {
        const sentence = `Fail. The scenario could not begin: ${publicReason(error, complain)}.`;
        tell({ type: 'verdict', verdict: { verdict: 'fail', sentence, details: [] } });
      }
    });
  }

  private async alone(what: string, act: () => Promise<void>): Promise<void> {
    this.requireIdle();
    this.busyWith = what;
    const ended = (async () => {
      try {
        await this.show?.stop();
        this.show = undefined;
        await act();
      } finally {
        this.busyWith = undefined;
      }
    })();
    this.running = ended.catch(() => {});
    await ended;
  }

  private requireIdle(): void {
    if (this.isStopped) throw new ActionError('The show is over.');
    if (this.busyWith) throw new ActionError(`Wait a moment: ${this.busyWith}.`);
  }

  private scenarioNamed(name: string): Scenario {
    const scenario = this.props.scenarios.find((each) => each.name === name);
    if (!scenario) throw new ActionError(`There is no scenario "${name}".`);
    const unavailable = this.whyNot(scenario);
    if (unavailable) throw new ActionError(unavailable);
    return scenario;
  }

  private whyNot(scenario: Scenario): string | undefined {
    try {
      this.castFor(scenario);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** @throws Error with a sentence that says which devices are missing */
  private castFor(scenario: Scenario): Cast {
    const { source } = this.props;
    const given = castOf(source.fleet);
    const isDeployed = source.target !== 'local';
    const cast = scenario.cast(given, { isDeployed });
    return isDeployed ? given : cast;
  }
}
