import type { CaptureContext, Stop } from './capture.ts';
import { cut, toText } from './text.ts';

/** Makes the wire's form of an error. */
export function describeError(error: unknown, source: string, file = '', line = 0, column = 0) {
  const known = error instanceof Error ? error : undefined;
  return {
    message: cut(known?.message ?? toText(error), 2000),
    name: cut(known?.name ?? '', 200),
    stack: cut(known?.stack ?? '', 8000),
    source,
    file: cut(file, 2000),
    line,
    column,
  };
}

/** Captures errors that nobody caught, and rejections that nobody handled. */
export function captureErrors(context: CaptureContext): Stop {
  const onError = (event: ErrorEvent): void => context.failures.guard('errors', () => context.emit({
    time: context.now(),
    error: describeError(event.error ?? event.message, 'error', event.filename, event.lineno, event.colno),
  }), undefined);
  const onRejection = (event: PromiseRejectionEvent): void => context.failures.guard('errors', () => context.emit({
    time: context.now(),
    error: describeError(event.reason, 'unhandledrejection'),
  }), undefined);
  addEventListener('error', onError);
  addEventListener('unhandledrejection', onRejection);
  return () => {
    removeEventListener('error', onError);
    removeEventListener('unhandledrejection', onRejection);
  };
}
