export type Style = (text: string) => string;

const plain: Style = (text) => text;

/** A line of a terminal that is filled column by column, in any order. */
export class Row {
  private readonly cells: { character: string; style: Style }[] = [];

  /** Puts a text at a column, over what is there. */
  put(column: number, text: string, style: Style = plain): this {
    while (this.cells.length < column) this.cells.push({ character: ' ', style: plain });
    [...text].forEach((character, index) => {
      this.cells[column + index] = { character, style };
    });
    return this;
  }

  /** The line. Neighbors of one style share one escape sequence. */
  toString(): string {
    let line = '';
    for (let start = 0; start < this.cells.length; ) {
      const { style } = this.cells[start];
      let end = start;
      let run = '';
      while (end < this.cells.length && this.cells[end].style === style) run += this.cells[end++].character;
      line += style(run);
      start = end;
    }
    return line;
  }
}
