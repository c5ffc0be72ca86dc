export { createSeededRandom, type SeededRandom } from '../../src/faults/seeded-random.ts';
