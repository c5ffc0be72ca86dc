import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { shrinkPng } from './shrink-png.ts';

const folder = new URL('../screenshots/', import.meta.url).pathname;

/** Takes a picture for the README; only when asked for, so that a test run changes no file. */
export async function takePicture(message: Locator, name: string): Promise<void> {
  if (process.env['RESTAGE_SCREENSHOTS'] !== '1') return;
  await mkdir(folder, { recursive: true });
  await message.page().mouse.move(0, 0);
  await writeFile(path.join(folder, name), shrinkPng(await message.screenshot()));
}
