/** Thrown when bytes break a rule of docs/format/v1.md; nothing of them was used. */
export class FormatRejected extends Error {
  constructor(
    /** The rule's name, for instance "C6". */
    readonly rule: string,
    message: string,
  ) {
    super(`${message} (rule ${rule})`);
    this.name = 'FormatRejected';
  }
}
