export { Pipeline } from '../../js/packages/recorder/src/transport/pipeline.ts';
export { newId, newSecret } from '../../js/packages/format/src/index.ts';
