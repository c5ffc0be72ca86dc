/** Small devices behind int-58, in one building. */
export const kioskNames = Array.from({ length: 12 }, (_, n) => `kiosk-${String(n + 1).padStart(2, '0')}`);

/** The site's device location file: servers in Europe and Asia, the clients behind int-38, the kiosks behind int-58. */
export function inventoryCsv(clients: readonly string[]): string {
  const rows = [
    'name,fqdn,ip,mac,region,site,building,room,upstream',
    'dist-01,dist-01.core.example.net,10.20.0.1,,eu,Frankfurt,HQ,001,',
    'int-38,int-38.eu.example.net,10.38.0.1,02:00:00:00:38:01,eu,Köln,B3,201,dist-01',
    'int-58,int-58.apac.example.net,10.58.0.1,02:00:00:00:58:01,apac,Tokyo,T1,17,dist-01',
    'int-66,int-66.apac.example.net,10.66.0.1,02:00:00:00:66:01,apac,Osaka,O2,4,dist-01',
    'int-70,int-70.apac.example.net,10.70.0.1,02:00:00:00:70:01,apac,Seoul,S1,1,dist-01',
    'int-80,int-80.apac.example.net,10.80.0.1,02:00:00:00:80:01,apac,Sapporo,N1,3,dist-01',
    'int-77,int-77.apac.example.net,10.77.0.1,02:00:00:00:77:01,apac,Seoul,S1,9,int-70',
    ...clients.map(
      (name, n) => `${name},,10.38.${1 + Math.floor(n / 250)}.${1 + (n % 250)},,eu,Köln,B3,,int-38`,
    ),
    ...kioskNames.map((name, n) => `${name},,10.58.1.${n + 1},,apac,Tokyo,T1,,int-58`),
  ];
  return `${rows.join('\n')}\n`;
}
