import type { CaptureContext, Stop } from './capture.ts';
import { patch } from './patch.ts';
import { RateLimit } from './rate-limit.ts';
import { cut, toText } from './text.ts';

const LEVELS = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'assert'] as const;
const MAX_ARGS = 20;
const MAX_PER_SECOND = 100;
/** The lines of a stack that are ours: its head, and the calls from the console's function to the place where it is taken. */
const OWN_LINES = 6;

/** Captures console lines. The console works as before; a line that is written while one is being captured is not captured. */
export function captureConsole(context: CaptureContext): Stop {
  let busy = false;
  const limit = new RateLimit(MAX_PER_SECOND, context);

  const capture = (level: string, args: unknown[]): void => {
    if (!limit.take()) {
      return;
    }
    const failed = args.find((arg) => arg instanceof Error) as Error | undefined;
    const withStack = level === 'error' || level === 'trace' || level === 'assert';
    context.emit({
      time: context.now(),
      console: {
        level,
        args: args.slice(0, MAX_ARGS).map((arg) => toText(arg)),
        stack: withStack ? cut(failed?.stack ?? new Error().stack?.split('\n').slice(OWN_LINES).join('\n'), 4000) : '',
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
