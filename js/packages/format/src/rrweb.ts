/** The numbers by which rrweb names events, the sources of changes, and nodes: its `EventType`, `IncrementalSource` and `NodeType`. */

// Events.
export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;
export const META = 4;
export const CUSTOM = 5;

// Sources of incremental events.
export const MUTATION = 0;
export const MOUSE_MOVE = 1;
export const MOUSE_INTERACTION = 2;
export const SCROLL = 3;
export const RESIZE = 4;
export const INPUT = 5;
export const TOUCH_MOVE = 6;
export const MEDIA_INTERACTION = 7;
export const STYLE_SHEET_RULE = 8;
export const DRAG = 12;
export const STYLE_DECLARATION = 13;
export const SELECTION = 14;
export const ADOPTED_STYLE_SHEET = 15;
export const CUSTOM_ELEMENT = 16;

/** Sources of changes of stylesheets. */
export const STYLE_SOURCES: ReadonlySet<unknown> = new Set([STYLE_SHEET_RULE, STYLE_DECLARATION, ADOPTED_STYLE_SHEET]);

// Nodes.
export const DOCUMENT_NODE = 0;
export const DOCTYPE_NODE = 1;
export const ELEMENT_NODE = 2;
export const TEXT_NODE = 3;
export const CDATA_NODE = 4;
