import { differential } from './share.js';

differential(1);
