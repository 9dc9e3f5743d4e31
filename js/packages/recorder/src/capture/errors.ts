import type { CaptureContext, Stop } from './capture.ts';
import { RateLimit } from './rate-limit.ts';
import { cut, toText } from './text.ts';

const MAX_PER_SECOND = 50;

/** Makes the wire's form of an error. */
export function describeError(error: unknown, source: string, file = '', line = 0, column = 0) {
  const known = error instanceof Error ? error : undefined;
  return {
    message: known ? cut(known.message, 2000) : toText(error),
    name: cut(known?.name, 200),
    stack: cut(known?.stack, 8000),
    source,
    file: cut(file, 2000),
    line,
    column,
  };
}

/** Captures errors that nobody caught, and rejections that nobody handled. */
export function captureErrors(context: CaptureContext): Stop {
  const limit = new RateLimit(MAX_PER_SECOND, context);
  const emit = (describe: () => ReturnType<typeof describeError>): void =>
    context.failures.guard(
      'errors',
      () => {
        if (limit.take()) {
          context.emit({ time: context.now(), error: describe() });
        }
      },
      undefined,
    );
  const onError = (event: ErrorEvent): void =>
    emit(() => describeError(event.error ?? event.message, 'error', event.filename, event.lineno, event.colno));
  const onRejection = (event: PromiseRejectionEvent): void => emit(() => describeError(event.reason, 'unhandledrejection'));
  addEventListener('error', onError);
  addEventListener('unhandledrejection', onRejection);
  return () => {
    removeEventListener('error', onError);
    removeEventListener('unhandledrejection', onRejection);
  };
}
