import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { type Address, home, readAddress, writeAddress } from './address.ts';

export const AddressContext = createContext<Address>(home);

export function useAddress(): Address {
  return useContext(AddressContext);
}

/** For the frame of the page alone; the views take it from the context. */
export function useAddressOfWindow(): Address {
  const [address, setAddress] = useState(() => readAddress(location.hash));
  useEffect(() => {
    const follow = () => setAddress(readAddress(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return address;
}

/** Changes filters of the view at hand, as a step that the back button takes back. */
export function useFilters(): {
  readonly filters: Readonly<Record<string, string>>;
  readonly setFilters: (changed: Readonly<Record<string, string | undefined>>) => void;
} {
  const { path, query } = useAddress();
  return {
    filters: query,
    setFilters: (changed) => {
      location.hash = writeAddress(path, { ...query, ...changed });
    },
  };
}
