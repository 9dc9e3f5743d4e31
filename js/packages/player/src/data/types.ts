/** The JSON of the playback API (docs/http-api.md). Times are ms since the Unix epoch on the server's clock. */
export interface Session {
  tenant: string;
  id: string;
  startedAt: number;
  lastActivityAt: number;
  endedAt: number | null;
  durationMs: number;
  live: boolean;
  user: { id: string; email: string; name: string; traitsJson: string } | null;
  ip: string | null;
  browser: string | null;
  os: string | null;
  device: string | null;
  entryUrl: string | null;
  pages: number;
  errors: number;
  clicks: number;
  rageClicks: number;
  requests: number;
  failedRequests: number;
  events: number;
  chunks: number;
  bytes: number;
  windows: number;
  lostEvents: number;
  viewportWidth: number;
  viewportHeight: number;
  customEvents: string[];
  /** Why a row of a list is not shown whole. */
  problem?: string | null;
}

export interface SessionPage {
  sessions: Session[];
  nextCursor: string | null;
}

export interface ChunkInfo {
  seq: number;
  from: number;
  to: number;
  events: number;
  bytes: number;
  snapshot: boolean;
  /** The stretches in which the visitor did something; null or absent when that is not known. */
  active?: [number, number][] | null;
}

export interface WindowInfo {
  id: string;
  clockOffset: number;
  from: number;
  to: number;
  url: string | null;
  title: string | null;
  closed: boolean;
  chunks: ChunkInfo[];
  missing: [number, number][];
}

export interface Marker {
  time: number;
  window: string;
  kind: string;
  label: string;
}

export interface Manifest {
  session: Session;
  windows: WindowInfo[];
  markers: Marker[];
  markersTruncated: boolean;
  /** The ticket of this view: requests with it belong to the manifest's row in the audit log. */
  view: string;
  /** Asks for the next page; null when there is none. */
  nextCursor: string | null;
}

/** A page that the visitor came to, in one of the windows. */
interface PageView {
  time: number;
  window: string;
  url: string;
  title: string;
}

export interface SessionDetail {
  session: Session;
  /** The first 2,000. */
  pageList: PageView[];
  pageListTruncated: boolean;
  sanitized: Record<string, number>;
}
