import {
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  ListOriginationNumbersCommand,
  ListSMSSandboxPhoneNumbersCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { SmsAccount } from '../pipeline/check-subscriptions.ts';

/** What SNS says of SMS for the account in this region. */
export function snsSmsAccount(client: SNSClient): SmsAccount {
  return {
    async inSandbox() {
      return (await client.send(new GetSMSSandboxAccountStatusCommand({}))).IsInSandbox === true;
    },
    async verifiedNumbers() {
      const numbers = await everyPage(async (NextToken) =>
        client.send(new ListSMSSandboxPhoneNumbersCommand({ NextToken })),
      );
      return numbers.flatMap(({ PhoneNumber, Status }) =>
        Status === 'Verified' && PhoneNumber !== undefined ? [PhoneNumber] : [],
      );
    },
    async originationCountries() {
      const numbers = await everyPage(async (NextToken) =>
        client.send(new ListOriginationNumbersCommand({ NextToken })),
      );
      return numbers
        .filter(({ NumberCapabilities }) => NumberCapabilities?.includes('SMS') === true)
        .flatMap(({ Iso2CountryCode }) => Iso2CountryCode ?? []);
    },
    async spendLimitUsd() {
      const { attributes } = await client.send(new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit'] }));
      // An account that has asked for nothing else has the limit of a new one.
      return Number(attributes?.MonthlySpendLimit ?? 1);
    },
  };
}

async function everyPage<Item>(
  ask: (
    token: string | undefined,
  ) => Promise<{ readonly PhoneNumbers?: Item[] | undefined; readonly NextToken?: string | undefined }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    all.push(...(page.PhoneNumbers ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return all;
}
