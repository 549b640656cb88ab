import type { Listener } from '../events';
import type { Result, Run, Scoreboard } from '../scoreboard';
import { Lanes } from './lanes';
import { type Paint, paint } from './paint';
import { plainLines } from './plain';
import { refusalLines, type Tried, verdictLines } from './report';
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
  /**
   * Columns of the terminal.
   * @default - the output is no terminal
   */
  readonly columns?: number;
  readonly color: boolean;
}

/** Lanes on a terminal that is wide enough for them, plain lines anywhere else. */
export function viewOf({ run, write, columns, color }: ViewProps): View {
  const palette = paint(color);
  const lanes = new Lanes(run.fleet, palette, write);
  return columns !== undefined && lanes.width <= columns
    ? new LanesView(run, lanes, write, columns, palette)
    : new PlainView(run, write, palette);
}

class LanesView implements View {
  private readonly tried: Tried[] = [];

  constructor(
    private readonly run: Run,
    private readonly lanes: Lanes,
    private readonly write: (line: string) => void,
    private readonly columns: number,
    private readonly paint: Paint,
  ) {}

  begin(): void {
    this.paragraph([this.paint.dim(titleOf(this.run))]);
    this.write('');
    this.lanes.begin();
  }

  readonly listen: Listener = (event) => {
    this.lanes.listen(event);
    if (event.type === 'tried') this.tried.push(event);
  };

  end(scoreboard: Scoreboard, result: Result): void {
    this.paragraph(refusalLines(this.tried, this.paint));
    this.paragraph(verdictLines(scoreboard, result, this.paint));
    this.paragraph(nextLines(result, this.paint));
    this.write('');
  }

  private paragraph(lines: readonly string[]): void {
    if (lines.length > 0) this.write('');
    for (const line of lines) for (const part of wrap(line, this.columns - 4)) this.write(`  ${part}`);
  }
}

class PlainView implements View {
  readonly listen: Listener;

  constructor(
    private readonly run: Run,
    private readonly write: (line: string) => void,
    private readonly paint: Paint,
  ) {
    this.listen = plainLines(write);
  }

  begin(): void {
    this.write(titleOf(this.run));
  }

  end(scoreboard: Scoreboard, result: Result): void {
    for (const line of verdictLines(scoreboard, result, this.paint)) this.write(line);
    for (const line of nextLines(result, this.paint)) this.write(line);
  }
}

function titleOf({ fleet, target, mqtt, qos }: Run): string {
  const where = target === 'local' ? 'IoT Core Local on this machine' : 'AWS IoT Core';
  return `${fleet.topic} on ${where}, MQTT ${mqtt === 3 ? '3.1.1' : '5'}, QoS ${qos}`;
}

/** The commands to try next. */
function nextLines({ target, verdict }: Result, { bold, dim }: Paint): string[] {
  const steps = {
    local: [
      ['npm run local', "IoT Core Local alone, for the blog's five terminals"],
      ['npx cdk deploy --all', 'the same fleet on AWS IoT Core'],
    ],
    aws: [['npx cdk destroy --all', 'removes everything from AWS']],
  }[target];
  if (target === 'local' && verdict === 'fail') return [];
  return ['Next:', ...steps.map(([command, what]) => `${bold(command.padEnd(22))} ${dim(what)}`)];
}
