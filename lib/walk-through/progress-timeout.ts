/** Waits for something for as long as there is progress; its timer is there only for when there is none. */
export class ProgressTimeout {
  private onProgress: () => void = () => {};

  /** @param milliseconds how long it may take from one step to the next */
  constructor(private readonly milliseconds: number) {}

  /** To be called whenever something has happened. */
  progress(): void {
    this.onProgress();
  }

  /** Resolves when `done` is true, which every progress may have brought about, or after too long without progress. */
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
