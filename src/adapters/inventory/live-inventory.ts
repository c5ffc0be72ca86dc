import type { Device, Inventory } from '../../domain/device.ts';
import { RestageError } from '../../domain/errors.ts';
import { indexInventory } from '../../domain/inventory-index.ts';
import type { Log } from '../../domain/log.ts';
import type { InventorySource } from './inventory-source.ts';

/** The last good devices, kept where they outlive the process. */
export interface DeviceSnapshot {
  load(): Promise<readonly Device[] | null>;
  save(devices: readonly Device[]): Promise<void>;
}

export interface LiveInventoryOptions {
  readonly source: InventorySource;
  readonly everyMs: number;
  readonly snapshot: DeviceSnapshot;
  readonly log: Log;
}

/** Hears what is wrong with the source, or null once it is well. */
type Tell = (fault: string | null) => Promise<void>;

/**
 * An inventory that is read again as its source changes (A12). While the source is broken the last good devices
 * serve, after a restart too; `open` rejects with the source's error when there are none.
 */
export class LiveInventory implements Inventory {
  readonly #options: LiveInventoryOptions;
  #current: Inventory;
  #fault: string | null;
  /** What was told last; undefined: nothing yet. */
  #told: string | null | undefined;
  #tell: Tell | null = null;
  #timer: NodeJS.Timeout | null = null;
  #underWay: Promise<void> = Promise.resolve();

  private constructor(options: LiveInventoryOptions, devices: readonly Device[], fault: string | null) {
    this.#options = options;
    this.#current = indexInventory(devices);
    this.#fault = fault;
  }

  static async open(options: LiveInventoryOptions): Promise<LiveInventory> {
    const { source, snapshot, log } = options;
    try {
      const devices = (await source.read()) ?? [];
      log.info({ source: source.name, devices: devices.length }, 'inventory read');
      const inventory = new LiveInventory(options, devices, null);
      await inventory.#keep(devices);
      return inventory;
    } catch (error) {
      const devices = await snapshot.load();
      if (!devices) throw error;
      return new LiveInventory(options, devices, describe(error));
    }
  }

  find(identifier: string): Device | null {
    return this.#current.find(identifier);
  }

  all(): readonly Device[] {
    return this.#current.all();
  }

  behind(server: string): readonly Device[] {
    return this.#current.behind(server);
  }

  /** Reads the source now. What is wrong with it is told to the follower, never thrown. */
  async refresh(): Promise<void> {
    try {
      const devices = await this.#options.source.read();
      if (devices) await this.#take(devices);
      this.#fault = null;
    } catch (error) {
      this.#fault = describe(error);
    }
    await this.#report();
  }

  /** Goes on reading until `stop`; `tell` hears of the state now and of each change. */
  async follow(tell: Tell): Promise<void> {
    this.#tell = tell;
    await this.#report();
    this.#timer ??= setInterval(() => {
      this.#underWay = this.#underWay.then(() => this.refresh());
    }, this.#options.everyMs);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#underWay;
  }

  async #take(devices: readonly Device[]): Promise<void> {
    const before = this.#current.all().length;
    // A file that is being written, a query on a table that is being filled.
    if (devices.length === 0 && before > 0) {
      throw new RestageError('inventory-invalid', `The inventory had ${before} devices and holds none now.`);
    }
    this.#current = indexInventory(devices);
    this.#options.log.info(
      { source: this.#options.source.name, devices: devices.length },
      'inventory read again',
    );
    await this.#keep(devices);
  }

  async #keep(devices: readonly Device[]): Promise<void> {
    const { snapshot, source, log } = this.#options;
    const strays = devices.filter(({ upstream }) => upstream !== null && this.find(upstream) === null);
    if (strays.length > 0) {
      const examples = strays.slice(0, 5).map(({ name, upstream }) => `${name}: ${upstream}`);
      log.warn(
        { source: source.name, count: strays.length, examples },
        'devices name an upstream that the inventory does not have',
      );
    }
    await snapshot.save(devices).catch((error: unknown) => {
      log.warn({ error: describe(error) }, 'inventory: the last good devices could not be kept');
    });
  }

  async #report(): Promise<void> {
    const { source, log } = this.#options;
    const fault = this.#fault;
    if (!this.#tell || this.#told === fault) return;
    if (fault !== null)
      log.warn({ source: source.name, fault }, 'inventory is broken; the last good one serves');
    else if (typeof this.#told === 'string') log.info({ source: source.name }, 'inventory is well again');
    try {
      await this.#tell(fault);
      this.#told = fault;
    } catch (error) {
      log.warn({ error: describe(error) }, 'inventory: its state could not be noted');
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
