// Starts fauxqs (Amazon SQS in node): node fauxqs.mjs PORT DIR. It keeps its queues in DIR, so that it can be killed and started again.
import net from 'node:net';
import { startFauxqs } from './node_modules/fauxqs/dist/app.js';
import { PersistenceManager } from './node_modules/fauxqs/dist/persistence.js';

const [port, dataDir] = process.argv.slice(2);

// It listens on all interfaces whatever it is told: kept on 127.0.0.1.
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (options, ...rest) {
  return listen.call(this, { ...options, host: '127.0.0.1' }, ...rest);
};

const { load } = PersistenceManager.prototype;
PersistenceManager.prototype.load = function (...stores) {
  // Killing the process does not lose what it has written; only a crash of the machine would.
  this.db.exec('PRAGMA synchronous = OFF');
  load.apply(this, stores);
};

// A message that is made visible again keeps how often it was received; 2.4.1 writes NULL there, which its own table refuses, and the message is lost.
PersistenceManager.prototype.updateMessageReady = function (messageId) {
  this.db.prepare('UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?').run(messageId);
};

await startFauxqs({ port: Number(port), dataDir, logger: false });
