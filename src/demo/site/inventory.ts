/** The site's device location file: two servers in Europe, one in Asia, and the clients behind int-38. */
export function inventoryCsv(clients: readonly string[]): string {
  const rows = [
    'name,fqdn,ip,mac,region,site,building,room,upstream',
    'dist-01,dist-01.core.example.net,10.20.0.1,,eu,Frankfurt,HQ,001,',
    'int-38,int-38.eu.example.net,10.38.0.1,02:00:00:00:38:01,eu,Köln,B3,201,dist-01',
    'int-58,int-58.apac.example.net,10.58.0.1,02:00:00:00:58:01,apac,Tokyo,T1,17,dist-01',
    'client-901,client-901.apac.example.net,10.58.1.1,,apac,Tokyo,T1,33,int-58',
    ...clients.map(
      (name, n) => `${name},,10.38.${1 + Math.floor(n / 250)}.${1 + (n % 250)},,eu,Köln,B3,,int-38`,
    ),
  ];
  return `${rows.join('\n')}\n`;
}
