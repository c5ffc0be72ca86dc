export { createSeededRandom, type SeededRandom } from '../../src/chaos/seeded-random.ts';
