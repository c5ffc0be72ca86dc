import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { createChartPainter } from '../../../src/adapters/chart/chart.ts';
import { planChart } from '../../../src/report/plan-chart.ts';
import { counts } from '../../report/counts.ts';

describe('A20: a chart as a picture', () => {
  it('is a PNG with the bars of both periods, and with text in the font that ships with the bot', async () => {
    const chart = planChart('Failures in eu', counts);
    if (!chart) throw new Error('nothing to draw');
    const painter = createChartPainter();
    const png = await painter.paint(chart);
    expect(Buffer.from(png).subarray(1, 4).toString()).toBe('PNG');
    const head = { top: 0, height: 92 };
    expect(await countColour(png, head, isDark)).toBeGreaterThan(300);
    expect(await countColour(await painter.paint({ ...chart, title: '' }), head, isDark)).toBe(0);
    const whole = { top: 0, height: 1_000 };
    expect(await countColour(png, whole, (...colour) => colour.join() === '47,109,181')).toBeGreaterThan(
      20_000,
    );
    expect(await countColour(png, whole, (...colour) => colour.join() === '185,196,207')).toBeGreaterThan(
      20_000,
    );
  });
});

type Test = (red: number, green: number, blue: number) => boolean;

const isDark: Test = (red, green, blue) => red + green + blue < 300;

async function countColour(
  png: Uint8Array,
  part: { top: number; height: number },
  test: Test,
): Promise<number> {
  const image = await loadImage(Buffer.from(png));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, part.top, image.width, part.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (test(data[at] ?? 255, data[at + 1] ?? 255, data[at + 2] ?? 255)) found += 1;
  }
  return found;
}
