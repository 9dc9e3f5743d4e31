import { css, keyframes } from 'goober';
import { build } from './functions.js';

build(css, keyframes);
