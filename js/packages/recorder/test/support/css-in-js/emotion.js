import { css, keyframes } from '@emotion/css';
import { build } from './functions.js';

build(css, keyframes);
