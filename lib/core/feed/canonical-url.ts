/**
 * The address by which two copies of one page are known: host in lower case without default port, no fragment, no
 * tracking parameters. What may name the page (any other parameter, the path, its case, its last slash) stays as it is.
 * Null where the address is not absolute http or https.
 */
export function canonicalUrl(address: string): string | null {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  url.hash = '';
  url.username = '';
  url.password = '';
  const query = withoutTracking(url.search.slice(1));
  // Assigned even where it is empty: that alone takes away a bare `?`.
  url.search = query === '' ? '' : `?${query}`;
  return url.href;
}

/** Works on the text of the query, so that what stays is not encoded anew. */
function withoutTracking(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '' && !isTracking(nameOf(pair)))
    .join('&');
}

function nameOf(pair: string): string {
  const name = pair.split('=', 1)[0]!;
  try {
    return decodeURIComponent(name).toLowerCase();
  } catch {
    return name.toLowerCase();
  }
}

function isTracking(name: string): boolean {
  return trackingNames.has(name) || trackingPrefixes.some((prefix) => name.startsWith(prefix));
}

/** Families of parameters that campaign tools add: Google, AT Internet, Matomo, HubSpot, Piwik PRO, Vero, Bloomreach. */
const trackingPrefixes: readonly string[] = [
  ...['utm_', 'at_', 'mtm_', 'pk_', 'piwik_', 'matomo_', 'hsa_', '_hs', 'vero_', 'oly_', 'wt.', 'ns_'],
  ...['stm_', 'bsft_', 'trk_', 'mc_', 'sc_src', 'sc_ch', 'ga_', '__hs', 'itm_', 'ml_subscriber', 'cm_mmc'],
];

const trackingNames: ReadonlySet<string> = new Set([
  ...['fbclid', 'gclid', 'gclsrc', 'dclid', 'gbraid', 'wbraid', 'msclkid', 'yclid', 'ysclid', 'twclid', 'ttclid'],
  ...['igshid', 'igsh', 'li_fat_id', 'epik', 'rdt_cid', 'mkt_tok', 'xtor', 'smid', 'smtyp', 'cmpid', 'cmp', 'ito'],
  ...['icid', 'ncid', 'ocid', 'wickedid', 'spm', 'srsltid', '_ga', '_gl', '_openstat', 'openstat', 'feedtype'],
  ...['__twitter_impression', 'ref_src', 'ref_url', 's_cid', 'sr_share', 'partner_rss', 'from_rss', 'rss_ref'],
  ...['fb_action_ids', 'fb_action_types', 'fb_source', 'fb_ref', 'guccounter', 'guce_referrer', 'guce_referrer_sig'],
  ...['ftag', 'mbid', 'soc_src', 'soc_trk', 'campaign_id', 'traffic_source', 'maca', 'taid', 'sfmc_sub'],
]);
