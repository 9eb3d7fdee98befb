import type { SnsActions, SnsContext } from './sns-context.ts';
import { SnsRefusal } from './sns-rules.ts';
import { escapeXml, snsAnswer } from './sns-wire.ts';

/** What SNS knows of SMS for a whole account. */
export type SmsAccount = {
  readonly optedOut: readonly string[];
  readonly inSandbox: boolean;
  /** The numbers that may be sent to from the sandbox. */
  readonly verified: readonly string[];
  readonly originationNumbers: readonly { readonly number: string; readonly country: string }[];
  readonly monthlySpendLimit: string;
};

/** An account out of the sandbox, with a number of its own: here no SMS leaves the machine anyway. */
export const localSmsAccount: SmsAccount = {
  optedOut: [],
  inSandbox: false,
  verified: [],
  originationNumbers: [{ number: '+18005550100', country: 'US' }],
  monthlySpendLimit: '100',
};

const numbersAPage = 100;

export function smsActions({ state }: SnsContext): SnsActions {
  const account = () => state.smsAccount();
  return {
    CheckIfPhoneNumberIsOptedOut: (parameters) => {
      const number = parameters.get('phoneNumber') ?? '';
      if (!/^\+[1-9]\d{6,14}$/.test(number)) {
        throw new SnsRefusal('InvalidParameter', `Invalid parameter: phoneNumber Reason: ${number} is not valid`);
      }
      return snsAnswer(
        'CheckIfPhoneNumberIsOptedOut',
        `<isOptedOut>${account().optedOut.includes(number)}</isOptedOut>`,
      );
    },
    ListPhoneNumbersOptedOut: (parameters) => {
      const { members, next } = paged(account().optedOut, parameters.get('nextToken'), escapeXml);
      const token = next === null ? '' : `<nextToken>${next}</nextToken>`;
      return snsAnswer('ListPhoneNumbersOptedOut', `<phoneNumbers>${members}</phoneNumbers>${token}`);
    },
    GetSMSSandboxAccountStatus: () =>
      snsAnswer('GetSMSSandboxAccountStatus', `<IsInSandbox>${account().inSandbox}</IsInSandbox>`),
    ListSMSSandboxPhoneNumbers: (parameters) => {
      const { members, next } = paged(
        account().verified,
        parameters.get('NextToken'),
        (number) => `<PhoneNumber>${escapeXml(number)}</PhoneNumber><Status>Verified</Status>`,
      );
      return snsAnswer('ListSMSSandboxPhoneNumbers', `<PhoneNumbers>${members}</PhoneNumbers>${tokenOf(next)}`);
    },
    ListOriginationNumbers: (parameters) => {
      const { members, next } = paged(
        account().originationNumbers,
        parameters.get('NextToken'),
        ({ number, country }) =>
          `<PhoneNumber>${escapeXml(number)}</PhoneNumber><Status>Active</Status><Iso2CountryCode>${country}</Iso2CountryCode><RouteType>Transactional</RouteType><NumberCapabilities><member>SMS</member></NumberCapabilities>`,
      );
      return snsAnswer('ListOriginationNumbers', `<PhoneNumbers>${members}</PhoneNumbers>${tokenOf(next)}`);
    },
    GetSMSAttributes: () =>
      snsAnswer(
        'GetSMSAttributes',
        `<attributes><entry><key>MonthlySpendLimit</key><value>${escapeXml(account().monthlySpendLimit)}</value></entry></attributes>`,
      ),
  };
}

function paged<Item>(
  items: readonly Item[],
  token: string | undefined,
  inner: (item: Item) => string,
): { readonly members: string; readonly next: number | null } {
  const from = Number(token ?? 0);
  const page = items.slice(from, from + numbersAPage);
  const next = from + numbersAPage < items.length ? from + numbersAPage : null;
  return { members: page.map((item) => `<member>${inner(item)}</member>`).join(''), next };
}

function tokenOf(next: number | null): string {
  return next === null ? '' : `<NextToken>${next}</NextToken>`;
}
