// s3rver removes a folder with its last object, and answers 500 when two deletions meet there or when the folder is gone already. Loaded before it
// with --require: a folder that is gone counts as one that stays, and a folder that was refilled or removed meanwhile is no error.
'use strict';
const fs = require('fs');

const { readdirSync, rmdir } = fs;
fs.readdirSync = (path, ...rest) => {
  try {
    return readdirSync(path, ...rest);
  } catch (error) {
    if (error.code === 'ENOENT') return ['gone'];
    throw error;
  }
};
fs.rmdir = (path, ...rest) => {
  const done = rest.pop();
  rmdir(path, ...rest, (error) => done(error && error.code !== 'ENOENT' && error.code !== 'ENOTEMPTY' ? error : null));
};
