import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { nobodySignsIn, type SignedIn } from './sign-in.ts';

export const SessionContext = createContext<SignedIn>(nobodySignsIn);

export const useSession = (): SignedIn => useContext(SessionContext);
