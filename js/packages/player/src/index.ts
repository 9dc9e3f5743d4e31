import './components/console-shell.ts';
export { SessionReplayList } from './components/session-list.ts';
export { SessionReplayPlayer } from './components/session-player.ts';
