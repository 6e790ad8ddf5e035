// Maps without storage: GeoJSON, boxes, distances on the sphere, the predicates of PostGIS, the order of buckets.

export * from './box.js';
export * from './distance.js';
export * from './geojson.js';
export * from './hilbert.js';
export * from './point-in-polygon.js';
export * from './predicates.js';
export * from './sphere.js';
