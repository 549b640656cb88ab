import { readIfThere } from '../util/atomic-file';

/** The largest payload that AWS IoT Core takes, in bytes. */
const largestPayload = 128 * 1024;

/** The messages of the blog post, with the car's own ID. They are the first content of `messages.json`. */
export function blogMessages(thingName: string): string[] {
  return [75, 77, 79].map((speed) => message(thingName, speed));
}

/**
 * The messages in a car's `messages.json`. Each line is one message and is sent unchanged, as `mosquitto_pub -l` does. Blank lines are
 * ignored.
 *
 * @throws FileError if the file cannot be read
 * @throws Error naming the file and the line, if the file has no message or a line is not JSON
 */
export function readMessages(file: string): string[] {
  const lines = (readIfThere(file) ?? '').replace(/^\uFEFF/, '').split(/\r?\n/);
  lines.forEach((line, index) => {
    if (line.trim() !== '') requireMessage(line, `${file}, line ${index + 1}`);
  });
  const messages = lines.filter((line) => line.trim() !== '');
  if (messages.length === 0) {
    throw new Error(`${file} holds no message. Each line is one message; delete the file to get the blog's three.`);
  }
  return messages;
}

/**
 * A car's first `count` messages. If the file has fewer, more are made, each with a speed that is 2 higher.
 *
 * @param lines - the messages of the car's file
 * @param count - how many to send; all of the file's if left out
 */
export function takeMessages(thingName: string, lines: readonly string[], count = lines.length): string[] {
  const messages = lines.slice(0, count);
  const speed = speedOf(lines.at(-1));
  for (let more = 1; messages.length < count; more++) messages.push(message(thingName, speed + 2 * more));
  return messages;
}

function message(thingName: string, speed: number): string {
  return `{"ID": "${thingName}", "speed": "${speed}"}`;
}

/** The speed in a message. It is 73 if there is none, so that the next speed is the blog's first. */
function speedOf(line = 'null'): number {
  const speed = Number.parseFloat(JSON.parse(line)?.speed);
  return Number.isFinite(speed) ? speed : 73;
}

function requireMessage(line: string, place: string): void {
  try {
    JSON.parse(line);
  } catch {
    throw new Error(`${place}: ${line.slice(0, 60)} is not JSON. Each line of the file is one message.`);
  }
  const size = Buffer.byteLength(line);
  if (size > largestPayload) {
    throw new Error(`${place}: AWS IoT Core takes messages of 128 KiB; this one has ${size} bytes.`);
  }
}
