/** Waits for a condition for as long as there is progress. */
export class ProgressTimeout {
  private onProgress: () => void = () => {};

  /** @param milliseconds - the longest time from one step to the next */
  constructor(private readonly milliseconds: number) {}

  /** Reports progress. */
  progress(): void {
    this.onProgress();
  }

  /** Resolves when `done` is true, which is checked at each progress, or after too long without progress. */
  async wait(done: () => boolean): Promise<void> {
    if (done()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.milliseconds);
      this.onProgress = () => {
        timer.refresh();
        if (!done()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.onProgress = () => {};
  }
}
