import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Known before this process does anything that takes time: it may be gone later. */
const parent = process.ppid;

/**
 * Calls a listener when the process that started this one is gone. A process whose parent is killed goes on otherwise, and keeps its ports.
 *
 * npm starts a script through a shell, which survives npm if npm is killed with SIGKILL. So the shell's parent is watched, too. A process that
 * the system itself started (systemd, a container) has no parent to watch.
 *
 * @param interval - milliseconds from one look to the next
 */
export function onParentGone(listener: () => void, interval = 1_000): void {
  if (parent <= 1) return;
  const watched = [parent];
  let grandparent: number | undefined;
  if (process.env.npm_lifecycle_event !== undefined) {
    void parentOf(parent).then((pid) => {
      grandparent = pid;
      if (pid !== undefined && pid > 1) watched.push(pid);
    });
  }
  const timer = setInterval(() => {
    // On POSIX a process whose parent is gone gets another parent at once, even while the old one waits to be reaped.
    const isAdopted = process.ppid !== parent || (grandparent !== undefined && adoptedParent(parent, grandparent));
    if (!isAdopted && watched.every(isThere)) return;
    clearInterval(timer);
    listener();
  }, interval);
  timer.unref();
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether a process has another parent than before, as far as this system says so at once. */
function adoptedParent(pid: number, before: number): boolean {
  const now = parentByProc(pid);
  return now !== undefined && now !== before;
}

/** Linux: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function parentByProc(pid: number): number | undefined {
  try {
    // The name, in parentheses, may hold anything. The state and the parent's id follow it.
    const [, , parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ');
    return Number(parent);
  } catch {
    return undefined;
  }
}

/** The parent of a process; undefined if the system does not say. */
async function parentOf(pid: number): Promise<number | undefined> {
  const byProc = parentByProc(pid);
  if (byProc !== undefined) return byProc;
  const [command, args] =
    process.platform === 'win32'
      ? [
          'powershell',
          ['-NoProfile', '-Command', `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").ParentProcessId`],
        ]
      : ['ps', ['-o', 'ppid=', '-p', String(pid)]];
  return new Promise((resolve) => {
    execFile(command as string, args as string[], (error, stdout) => {
      const parent = Number.parseInt(stdout, 10);
      resolve(error || Number.isNaN(parent) ? undefined : parent);
    });
  });
}
