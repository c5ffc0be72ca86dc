import type { Device, Inventory } from '../../src/domain/device.ts';

/** An inventory of the devices given; what is not given is not known. */
export function inventoryOf(...devices: readonly (Pick<Device, 'name'> & Partial<Device>)[]): Inventory {
  const known: Device[] = devices.map((device) =>
    Object.assign(
      {
        fqdn: null,
        ip: null,
        mac: null,
        region: null,
        site: null,
        building: null,
        room: null,
        upstream: null,
      },
      device,
    ),
  );
  return {
    all: () => known,
    find: (identifier) => {
      const wanted = identifier.toLowerCase();
      return known.find(({ name, fqdn, ip, mac }) => [name, fqdn, ip, mac].includes(wanted)) ?? null;
    },
  };
}
