import { syntaxOf } from '../../devices/shell';
import { grouped } from '../../util/format';
import type { Listener } from '../events';
import type { Result, Run, Scoreboard } from '../scoreboard';
import { barLines } from './bars';
import { Lanes } from './lanes';
import { layoutOf } from './layout';
import { type Paint, paint } from './paint';
import { plainLines } from './plain';
import { refusalLines, type TriedEvent, verdictLines } from './report';
import { asciiOf, type Terminal } from './terminal';
import { wrap } from './wrap';

/** Shows a walk-through to a person. */
export interface View {
  begin(): void;
  readonly listen: Listener;
  end(scoreboard: Scoreboard, result: Result): void;
}

export interface ViewProps {
  readonly run: Run;
  readonly write: (line: string) => void;
  readonly terminal: Terminal;
  /** Whether each refused attempt is listed. @default - they are summed up by kind */
  readonly isVerbose?: boolean;
  /** The fleet's file, as a person gave it. @default - the fleet of cdk.json */
  readonly fleetFile?: string;
  /** Milliseconds. @default - the system's */
  readonly now?: () => number;
}

/** A fleet of more devices than this shows progress while it connects, not a line for each. */
export const largeFleet = 30;

/** Lanes on a terminal that is wide enough for them, plain lines anywhere else. */
export function viewOf(props: ViewProps): View {
  const { run, terminal, isVerbose, fleetFile, now = () => performance.now() } = props;
  const { columns } = terminal;
  const write = terminal.unicode ? props.write : (line: string) => props.write(asciiOf(line));
  const palette = paint(terminal.color);
  const layout = columns === undefined ? undefined : layoutOf(run.fleet, columns);
  if (columns === undefined || !layout || isVerbose) {
    return new PlainView(run, write, palette, { columns, isVerbose, fleetFile });
  }
  return new LanesView(
    run,
    new Lanes(run.fleet, layout, palette, columns, write, now),
    write,
    columns,
    palette,
    fleetFile,
  );
}

class LanesView implements View {
  private readonly tried: TriedEvent[] = [];
  private readonly progress: Progress;

  constructor(
    private readonly run: Run,
    private readonly lanes: Lanes,
    private readonly write: (line: string) => void,
    private readonly columns: number,
    private readonly paint: Paint,
    private readonly fleetFile: string | undefined,
  ) {
    this.progress = new Progress(run.fleet.devices.length);
  }

  begin(): void {
    this.paragraph([this.paint.dim(titleOf(this.run)), this.run.caption]);
  }

  readonly listen: Listener = (event) => {
    this.lanes.listen(event);
    switch (event.type) {
      case 'connected': {
        const line = this.progress.connected();
        if (line) this.lines([this.paint.dim(line)]);
        break;
      }
      case 'step':
        this.lines([this.paint.dim(event.sentence)]);
        break;
      case 'tried':
        this.tried.push(event);
        break;
      case 'measured':
        this.paragraph([event.title, ...barLines(event.bars, this.columns - 4, this.paint, event.unit)]);
        break;
      default:
      // The lanes and the verdict show the rest.
    }
  };

  end(scoreboard: Scoreboard, result: Result): void {
    this.paragraph(refusalLines(this.tried, this.paint, this.columns));
    this.paragraph(verdictLines(scoreboard, result, this.paint));
    this.paragraph(nextLines(result, this.fleetFile, this.paint));
    this.write('');
  }

  private paragraph(lines: readonly string[]): void {
    if (lines.length > 0) this.write('');
    this.lines(lines);
  }

  private lines(lines: readonly string[]): void {
    for (const line of lines) for (const part of wrap(line, this.columns - 4)) this.write(`  ${part}`);
  }
}

class PlainView implements View {
  private readonly tried: TriedEvent[] = [];
  private readonly progress: Progress;
  private readonly columns: number;
  private readonly plain: Listener;
  private readonly write: (line: string) => void;
  private readonly isVerbose: boolean;
  private readonly fleetFile: string | undefined;

  constructor(
    private readonly run: Run,
    write: (line: string) => void,
    private readonly paint: Paint,
    { columns, isVerbose = false, fleetFile }: { columns?: number; isVerbose?: boolean; fleetFile?: string },
  ) {
    this.columns = columns ?? 80;
    this.write =
      columns === undefined
        ? write
        : (line) => {
            for (const part of wrap(line, columns)) write(part);
          };
    this.isVerbose = isVerbose;
    this.fleetFile = fleetFile;
    this.plain = plainLines(this.write, { isVerbose, columns: this.columns, paint });
    this.progress = new Progress(run.fleet.devices.length);
  }

  begin(): void {
    this.write(titleOf(this.run));
    this.write(this.run.caption);
  }

  readonly listen: Listener = (event) => {
    if (event.type === 'tried') this.tried.push(event);
    const isSummedUp = this.progress.isNeeded && (event.type === 'connected' || event.type === 'subscribed');
    if (!isSummedUp) return this.plain(event);
    const line = event.type === 'connected' && this.progress.connected();
    if (line) this.write(line);
  };

  end(scoreboard: Scoreboard, result: Result): void {
    if (!this.isVerbose) for (const line of refusalLines(this.tried, this.paint, this.columns)) this.write(line);
    for (const line of verdictLines(scoreboard, result, this.paint)) this.write(line);
    for (const line of nextLines(result, this.fleetFile, this.paint)) this.write(line);
  }
}

/** Says at each tenth of a large fleet how many devices are connected. */
class Progress {
  private count = 0;

  constructor(private readonly devices: number) {}

  get isNeeded(): boolean {
    return this.devices > largeFleet;
  }

  /** @returns a line, if it is time for one */
  connected(): string | undefined {
    const step = Math.ceil(this.devices / 10);
    this.count += 1;
    if (!this.isNeeded || (this.count % step !== 0 && this.count !== this.devices)) return undefined;
    return `${grouped(this.count)} of ${grouped(this.devices)} devices are connected`;
  }
}

const places: Record<Run['target'], string> = {
  local: 'IoT Core Local on this machine',
  account: 'an account on this machine',
  aws: 'AWS IoT Core',
};

function titleOf({ fleet, target, mqtt, qos }: Run): string {
  return `${fleet.topic} on ${places[target]}, MQTT ${mqtt === 3 ? '3.1.1' : '5'}, QoS ${qos}`;
}

/** The commands to try next. A deployment takes the fleet of cdk.json, whichever fleet the run was of. */
function nextLines({ target, verdict }: Result, fleetFile: string | undefined, { bold, dim }: Paint): string[] {
  const fleet = fleetFile === undefined ? '' : ` -- --fleet ${syntaxOf('bash').quote(fleetFile)}`;
  const steps = {
    local: [
      ['npm start -- --scenario list', 'what else there is to see'],
      [`npm run local${fleet}`, 'for clients of your own'],
      ['npx cdk deploy --all', 'the fleet of cdk.json on AWS'],
    ],
    account: [['npx cdk destroy --all', 'removes everything from the account']],
    aws: [['npx cdk destroy --all', 'removes everything from AWS']],
  }[target];
  if (target === 'local' && verdict === 'fail') return [];
  const width = Math.max(28, ...steps.map(([command]) => command.length));
  return ['Next:', ...steps.map(([command, what]) => `${bold(command.padEnd(width))}  ${dim(what)}`)];
}
