// Starts the Google Cloud Storage JSON API of firebase-tools on 127.0.0.1 by itself: no rules runtime, so no Java and no download.
// usage: node gcs-emulator.cjs PORT   (from this folder)
const { createRequire } = require('node:module');
const load = createRequire(process.cwd() + '/');
const { EmulatorRegistry } = load('firebase-tools/lib/emulator/registry');
const { StorageEmulator } = load('firebase-tools/lib/emulator/storage');
const { createApp } = load('firebase-tools/lib/emulator/storage/server');

const port = Number(process.argv[2] || 10500);
EmulatorRegistry.INSTANCES.set('storage', {
  getInfo: () => ({ name: 'storage', host: '127.0.0.1', port }),
  getName: () => 'storage',
});
const emulator = new StorageEmulator({
  projectId: 'demo', host: '127.0.0.1', port, rules: [], auto_download: false,
});
Promise.resolve(createApp('demo', emulator)).then((app) =>
  app.listen(port, '127.0.0.1', () => console.log(`gcs ready ${port}`)));
