import { differential } from './share.js';

differential(100_001, { covers: false });
