import type { CaptureContext, Stop } from './capture.ts';
import { patch } from './patch.ts';
import { cut, toText } from './text.ts';

const LEVELS = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'assert'] as const;
const MAX_ARGS = 20;
const MAX_PER_SECOND = 100;
/** The lines of a stack that are ours: its head, and the calls from the console's function to the place where it is taken. */
const OWN_LINES = 6;

/** Captures console lines. The console works as before; a line that is written while one is being captured is not captured. */
export function captureConsole(context: CaptureContext): Stop {
  let busy = false;
  let second = 0;
  let lines = 0;

  const capture = (level: string, args: unknown[]): void => {
    const now = context.now();
    lines = Math.floor(now / 1000) === second ? lines + 1 : 1;
    second = Math.floor(now / 1000);
    if (lines > MAX_PER_SECOND) {
      context.lost(1);
      return;
    }
    const failed = args.find((arg) => arg instanceof Error) as Error | undefined;
    const withStack = level === 'error' || level === 'trace' || level === 'assert';
    context.emit({
      time: now,
      console: {
        level,
        args: args.slice(0, MAX_ARGS).map((arg) => toText(arg)),
        stack: withStack ? cut(failed?.stack ?? new Error().stack?.split('\n').slice(OWN_LINES).join('\n') ?? '', 4000) : '',
      },
    });
  };

  const stops = LEVELS.map((level) => patch(console, level, (_, args, call) => {
    if (!busy && !(level === 'assert' && args[0])) {
      busy = true;
      context.failures.guard('console', () => capture(level, level === 'assert' ? args.slice(1) : args), undefined);
      busy = false;
    }
    return call();
  }));
  return () => stops.forEach((stop) => stop());
}
