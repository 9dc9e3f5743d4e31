/** The messages of docs/format/event_batch.proto. Names are those of the wire. */
export interface EventBatch {
  version: number;
  session_id: Uint8Array;
  window_id: Uint8Array;
  seq: number;
  recorder_version: string;
  last: boolean;
  page?: PageContext;
  lost_events: number;
  /** Drawn when the batch was closed: two encodings of one batch have the same. */
  cut_id: number;
  /** DOM events as columns (docs/format/v1.md, section 2.4). */
  dom_events?: Uint8Array;
  /** All other events. */
  events: WireEvent[];
}

export interface PageContext {
  url: string;
  title: string;
  referrer: string;
  viewport_width: number;
  viewport_height: number;
  screen_width: number;
  screen_height: number;
  device_pixel_ratio: number;
  language: string;
  time_zone: string;
  app_version: string;
}

/** One event: its time (ms since the Unix epoch) and one body. */
export interface WireEvent {
  time: number;
  console?: ConsoleEvent;
  network?: NetworkEvent;
  navigation?: NavigationEvent;
  error?: ErrorEvent;
  performance?: PerformanceEvent;
  custom?: CustomEvent;
  identify?: IdentifyEvent;
  interaction?: InteractionEvent;
  server?: ServerEvent;
  gap?: GapEvent;
}

export interface ConsoleEvent {
  level: string;
  args: string[];
  stack: string;
}

export interface Header {
  name: string;
  value: string;
}

export interface NetworkEvent {
  method: string;
  url: string;
  status: number;
  initiator: string;
  duration: number;
  time_to_first_byte: number;
  request_size: number;
  response_size: number;
  request_headers: Header[];
  response_headers: Header[];
  request_body: string;
  response_body: string;
  error: string;
  request_id: string;
}

export interface NavigationEvent {
  url: string;
  title: string;
  type: string;
}

export interface ErrorEvent {
  message: string;
  name: string;
  stack: string;
  source: string;
  file: string;
  line: number;
  column: number;
}

export interface PerformanceEvent {
  name: string;
  value: number;
  rating: string;
  target: string;
}

export interface CustomEvent {
  name: string;
  properties_json: string;
}

export interface IdentifyEvent {
  user_id: string;
  email: string;
  name: string;
  traits_json: string;
}

export interface InteractionEvent {
  type: string;
  target: string;
  text: string;
  count: number;
}

export interface ServerEvent {
  type: string;
  message: string;
  level: string;
  duration: number;
  status: number;
  trace_id: string;
  request_id: string;
  detail_json: string;
}

export interface GapEvent {
  reason: string;
  from: number;
  to: number;
}
