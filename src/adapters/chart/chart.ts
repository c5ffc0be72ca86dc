import { createRequire } from 'node:module';
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart as Drawing,
  Legend,
  LinearScale,
  Title,
} from 'chart.js';
import type * as Canvases from '@napi-rs/canvas';
import type { Chart, ChartPainter } from '../../domain/report.ts';

/** Ships with the bot: a server needs no fonts of its own. */
const font = 'Report Sans';
const fontFile = '@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff2';
const colours = ['#2f6db5', '#b9c4cf'];
const width = 900;
const headHeight = 46;
const barHeight = 34;
const panelMargin = 90;
/** Twice as many pixels, for screens that have them. */
const scale = 2;

/**
 * Draws bar charts as PNG by Chart.js on a canvas without a browser. What that takes is loaded with the first chart: a
 * bot that posts no reports does without its memory.
 */
export function createChartPainter(): ChartPainter {
  let loaded: Promise<typeof Canvases> | null = null;
  return {
    async paint(chart) {
      loaded ??= loadCanvases();
      return paint(await loaded, chart);
    },
  };
}

async function loadCanvases(): Promise<typeof Canvases> {
  const canvases = await import('@napi-rs/canvas');
  canvases.GlobalFonts.registerFromPath(createRequire(import.meta.url).resolve(fontFile), font);
  Drawing.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Title);
  return canvases;
}

function paint(canvases: typeof Canvases, chart: Chart): Uint8Array {
  const heights = chart.panels.map(({ bars }) => panelMargin + bars.length * barHeight);
  const height = headHeight + heights.reduce((sum, one) => sum + one, 0);
  const picture = canvases.createCanvas(width * scale, height * scale);
  const context = picture.getContext('2d');
  context.scale(scale, scale);
  paintHead(context, chart.title, height);
  let top = headHeight;
  for (const [index, panel] of chart.panels.entries()) {
    const canvas = canvases.createCanvas(width * scale, (heights[index] ?? 0) * scale);
    const drawing = drawPanel(canvas, heights[index] ?? 0, chart.series, panel, index === 0);
    context.drawImage(canvas, 0, top, width, heights[index] ?? 0);
    // It empties its canvas.
    drawing.destroy();
    top += heights[index] ?? 0;
  }
  return picture.toBuffer('image/png');
}

function paintHead(context: Canvases.SKRSContext2D, title: string, height: number): void {
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#1d1c1d';
  context.font = `20px "${font}"`;
  context.fillText(title, 16, 32, width - 32);
}

function drawPanel(
  canvas: Canvases.Canvas,
  height: number,
  series: Chart['series'],
  { title, bars }: Chart['panels'][number],
  withLegend: boolean,
): Drawing {
  canvas.width = width;
  canvas.height = height;
  const ticks = { font: { family: font, size: 13 }, color: '#1d1c1d' };
  return new Drawing(canvas, {
    type: 'bar',
    data: {
      labels: bars.map(({ label }) => label),
      datasets: series.map((label, index) => ({
        label,
        data: bars.map(({ values }) => values[index] ?? 0),
        backgroundColor: colours[index % colours.length] ?? '#000000',
      })),
    },
    options: {
      indexAxis: 'y',
      animation: false,
      responsive: false,
      devicePixelRatio: scale,
      layout: { padding: { left: 8, right: 24 } },
      plugins: {
        title: {
          display: true,
          text: title,
          align: 'start',
          color: '#1d1c1d',
          font: { family: font, size: 15 },
        },
        legend: { display: withLegend, labels: { font: { family: font, size: 13 }, color: '#1d1c1d' } },
      },
      scales: {
        x: { beginAtZero: true, ticks: { ...ticks, precision: 0 } },
        y: { ticks: { ...ticks, autoSkip: false } },
      },
    },
  });
}
