import { differential } from './share.js';

differential(1, { covers: true });
