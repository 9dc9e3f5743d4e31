import type { CaptureContext, Stop } from './capture.ts';
import { RateLimit } from './rate-limit.ts';
import { cut, toText } from './text.ts';
import { watchCalls } from './wrap.ts';

const LEVELS = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'assert'] as const;
const STACKS = new Set(['error', 'trace', 'assert']);
const MAX_ARGS = 20;
const MAX_PER_SECOND = 100;
/** The lines of a stack from an error's head to the call of the console's function: of the recorder's. */
const OWN_LINES = 2;

/** Captures console lines. The console works as before; a line that is written while one is being captured is not captured. */
export function captureConsole(context: CaptureContext): Stop {
  let busy = false;
  const limit = new RateLimit(MAX_PER_SECOND, context);

  const capture = (time: number, level: string, args: unknown[], stack: string | undefined): void =>
    context.failures.guard(
      'console',
      () => {
        busy = true;
        try {
          context.emit({ time, console: { level, args: args.map((arg) => toText(arg)), stack: cut(stack, 4000) } });
        } finally {
          busy = false;
        }
      },
      undefined,
    );

  const watchLevel = (level: string): Stop => {
    const watcher = (_: unknown, given: readonly unknown[]): void => {
      const args = (level === 'assert' ? given.slice(1) : given).slice(0, MAX_ARGS);
      if (busy || (level === 'assert' && given[0]) || !limit.take()) {
        return;
      }
      const time = context.now();
      const stack = STACKS.has(level) ? (args.find(isError)?.stack ?? stackAbove(watcher)) : undefined;
      if (args.some(isObject)) {
        // What is in an object is read when the page's code has come to its end: reading it may be code of the page.
        queueMicrotask(() => capture(time, level, args, stack));
      } else {
        capture(time, level, args, stack);
      }
    };
    return watchCalls(console, level, watcher, (error) => context.failures.report('console', error));
  };
  const stops = LEVELS.map(watchLevel);
  return () => stops.forEach((stop) => stop());
}

function isObject(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Without asking the value for its prototype, which may be code of the page. */
function isError(value: unknown): value is Error {
  return isObject(value) && (Error as ErrorConstructor & { isError?: (value: unknown) => boolean }).isError?.(value) === true;
}

/** Gives the place where a function was called from. */
function stackAbove(caller: Function): string | undefined {
  const at: { stack?: string } = {};
  (Error as ErrorConstructor & { captureStackTrace?: (on: object, above: Function) => void }).captureStackTrace?.(at, caller);
  return at.stack?.split('\n').slice(OWN_LINES).join('\n');
}
